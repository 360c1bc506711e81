import ArgumentParser
import Capture
import KeypointCoding
import Media
import NeuralVideo
import Pipeline
import ProgramOptions
import Session
import UDPTransport
import VideoCoding

struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pantograph-send",
        abstract:
            "Sends a talking head as keypoints, and its voice, over UDP, from 12 kbit/s.",
        discussion: """
            Each picture is cropped to a square, scaled to 256x256 and turned into 20 keypoint \
            locations and strengths by a network; 25 times a second these few bytes go to \
            pantograph-receive, which warps source images to them: the first picture, or those of \
            --source-directory, and what --source-policy adds during the call. The sound of the input \
            goes in the same datagrams. \
            --rate is a promise that everything together keeps.

            Examples:
              pantograph-send --make-key call.key     # once; then bring a copy to the other end
              pantograph-send --key-file call.key --input talk.mp4 --to 192.0.2.7:4000
              pantograph-send --key-file call.key --input talk.mp4 --to 192.0.2.7:4000 --rate 12.2
              pantograph-send --key-file call.key --input /dev/video0 --sound microphone --crop 420,0,1080 --to example.org:4000
              pantograph-send --insecure --input head --to 127.0.0.1:4000 --duration 20
              ffmpeg -i rtsp://camera -f matroska - | pantograph-send --key-file call.key --input - --to 192.0.2.7:4000

            Start pantograph-receive first, or within 10 s (--timeout). Ctrl-C ends the call.
            """)

    @OptionGroup(title: "Input") var input: InputOptions

    @Option(
        help: ArgumentHelp("The receiver's address and UDP port.", valueName: "host:port"))
    var to: Endpoint

    @Option(
        help: ArgumentHelp(
            "Use the PNG pictures of this folder (1 to 8, by name) as the source set, rather than the first picture.",
            valueName: "folder"))
    var sourceDirectory: String?

    @Option(
        help: ArgumentHelp(
            "Which pictures become sources later: first (none), interval:N (the newest each N seconds), adaptive.",
            discussion:
                "adaptive runs the receiver's network here some two times a second to see what it shows, and sends what pays most in the bits that are left.",
            valueName: "policy"))
    var sourcePolicy = SourcePolicyName.adaptive

    @Option(
        help: ArgumentHelp(
            "What is shown where warping fails (a cut, a hand before the face, a page): vp8, still, off.",
            discussion:
                "vp8: small VP8 pictures, some a second, in the bits that sound leaves; where these are too few, or with still, the last right picture stands, with a mark that says so. off: whatever the network makes of it. Decided by the same looks as sources; a cut is seen within one picture.",
            valueName: "way"))
    var fallback = FallbackName.vp8

    @Option(help: ArgumentHelp("Stop after so much video.", valueName: "seconds"))
    var duration: Seconds?

    @Option(
        help: ArgumentHelp(
            "Give up when nobody has answered for so long; in a call, after three times that without a word.",
            valueName: "seconds"))
    var timeout = Seconds(10)

    @OptionGroup(title: "Protection") var security: SecurityOptions
    @OptionGroup(title: "Sound") var sound: SoundOptions
    @OptionGroup(title: "Coding") var coding: CodingOptions
    @OptionGroup(title: "Network") var network: NetworkOptions
    @OptionGroup(title: "Reports") var report: ReportOptions

    func run() async throws {
        let credentials = try security.credentials()
        // A quiet pipe or camera would otherwise hold on to the program after Ctrl-C.
        let interruption = Interruption()
        let stop = StopSignal { interruption.request() }
        let statistics = try report.statistics()
        let trace = try report.pictureTrace()
        let source = try input.open(wantsSound: sound.isInputs, interruption)
        var voice = try sound.open(interruption)
        if voice == nil, let video = source as? VideoSource, video.hasSound { voice = .file(video) }
        let stills = try sourceDirectory.map { folder throws(CaptureError) in
            try SourceDirectory.pictures(in: folder)
        }
        let backends = try network.backends()
        let plan = try coding.plan(hasSound: voice != nil, voiceBitrate: sound.voiceBitrate)
        for shortfall in plan.shortfalls {
            Notice.tell("--rate \(coding.rate) is too low for all of it: \(shortfall)")
        }
        var options = SendPipeline.Options(
            endpoint: to, weightsHash: backends.files.weightsHash, credentials: credentials,
            plan: plan)
        options.duration = duration?.duration
        options.timeout = timeout.duration
        options.voiceLoss = sound.voiceLoss
        let pipeline = SendPipeline(
            encoder: try backends.encoder(),
            choice: try backends.sourceChoice(
                sourcePolicy.kind, quantizer: plan.sourceQuantizer, fallback: fallback.kind),
            options: options,
            statistics: statistics, trace: trace, progress: report.progress)
        let summary = try await pipeline.run(
            source, sound: voice, stills: stills ?? [], until: stop.requests)
        report.finish(summary, [statistics, trace], verb: "sent")
    }
}
