import ArgumentParser
import Foundation
import Media
import NeuralVideo
import Pipeline
import Presentation
import ProgramOptions
import Session
import UDPTransport

@main
struct ReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pantograph-receive",
        abstract: "Receives a talking head as keypoints over UDP and rebuilds its pictures.",
        discussion: """
            Listens for one pantograph-send, holds the source images that it sends, and warps them to \
            the keypoints of each picture. The sound of a call that has some is played with the window, \
            which follows it, or written into the file; standard output and folders have no place for it. \
            Ends when the sender says goodbye.

            Examples:
              pantograph-receive --key-file call.key --listen 0.0.0.0:4000 --output call.mkv
              pantograph-receive --key-file call.key --listen 0.0.0.0:4000 --output window
              pantograph-receive --key-file call.key --listen 0.0.0.0:4000 --output - | ffplay -
              pantograph-receive --insecure --listen '[::]:4000' --output pictures/

            pantograph-send --make-key call.key makes the key, which both ends need.

            Ctrl-C ends the call; the file stays playable.
            """)

    @Option(
        help: ArgumentHelp(
            "The address and UDP port to listen at; 0.0.0.0 stands for every IPv4 address of this machine.",
            valueName: "host:port"))
    var listen: Endpoint

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "A video file (.mkv, .mp4, .webm, …; with the sound), 'window' (with the speaker), '-' for YUV4MPEG2 on standard output, or a folder (with a / at its end) for PNG pictures.",
            valueName: "output"))
    var output: String

    @Option(help: ArgumentHelp("Stop after so much video.", valueName: "seconds"))
    var duration: Seconds?

    @Option(
        help: ArgumentHelp(
            "Give up when a sender that has called is silent for three times so long.",
            valueName: "seconds"))
    var timeout = Seconds(10)

    @Option(
        help: ArgumentHelp(
            "A promise: over no two seconds this end puts more on the wire, headers counted. 1 to 100000 kbit/s.",
            discussion: "Without it: what the sender promises for its own direction.",
            valueName: "kbit/s"))
    var rate: Double?

    @Flag(
        help: ArgumentHelp(
            "Leave out the frame and the two bars that tell that a picture stands still, since warping would show what is not there."
        ))
    var noStillMark = false

    @OptionGroup(title: "Protection") var security: SecurityOptions
    @OptionGroup(title: "Network") var network: NetworkOptions
    @OptionGroup(title: "Reports") var report: ReportOptions

    func validate() throws {
        if let rate, !(1.0...100_000).contains(rate) {
            throw ValidationError("--rate \(rate): use 1 to 100000")
        }
    }

    func run() async throws {
        let credentials = try security.credentials()
        let stop = StopSignal()
        let statistics = try report.statistics()
        let trace = try report.pictureTrace()
        let transport = try await UDPTransport.listen(at: listen)
        let target = PictureOutput(output)
        let sink: any PictureSink
        do {
            // An output that cannot be written is said now, not when somebody calls.
            sink = try target.open()
        } catch {
            await transport.close()
            throw error
        }
        let backends = try network.backends()
        var options = ReceivePipeline.Options(
            playout: target.isWatched ? .live : .recording,
            weightsHash: backends.files.weightsHash, credentials: credentials)
        options.duration = duration?.duration
        options.marksStills = !noStillMark
        options.timeout = timeout.duration
        options.promisedRate = rate.map(Bitrate.init(kilobitsPerSecond:))
        let pipeline = ReceivePipeline(
            decoder: try backends.decoder(), sink: sink, options: options, statistics: statistics,
            trace: trace, progress: report.progress, notice: Notice.tell)
        if !report.quiet {
            let place = Endpoint(host: listen.host, port: transport.localAddress.port)
            Notice.tell("listening at \(place)")
        }
        let summary = try await pipeline.run(on: transport, until: stop.requests)
        report.finish(summary, [statistics, trace], verb: "shown")
    }
}

extension PictureOutput {
    /// Whether a person looks at it while the call goes on.
    var isWatched: Bool {
        switch self {
        case .standardOutput, .window: true
        case .directory, .file: false
        }
    }
}
