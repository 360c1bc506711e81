import ArgumentParser
import Capture
import Foundation
import Media
import NetworkEmulation
import Pipeline
import ProgramOptions
import Session

/// A call in which both ends send.
struct TwoWayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "two-way",
        abstract: "Makes a call in which both ends send, over an emulated link.",
        discussion: """
            Voice, keypoints, first sources, congestion control and loss as in a real call, each way, on a virtual clock. The voice is
            a filler of the right size; all is counted as if sealed; no picture is rebuilt: one counts as shown where its keypoints are
            there when it is due. Writes one line of JSON for each end.

            Example: what acknowledgements cost when they go alone, and along with the other direction
              pantograph-measure two-way --link perfect --clip talk.mp4 --rate 12.2 --feedback-alone
              pantograph-measure two-way --link perfect --clip talk.mp4 --rate 12.2

            Links: those of pantograph-measure call.
            """)

    @Option(help: ArgumentHelp("The link's name.", valueName: "name"))
    var link: String

    @Option(help: ArgumentHelp("Video of a talking head, for the first end.", valueName: "file"))
    var clip: String

    @Option(
        help: ArgumentHelp("The same for the second one; without it the same.", valueName: "file"))
    var clipBack: String?

    @Option(
        help: ArgumentHelp(
            "So long a call; a clip that is shorter goes forwards and backwards.",
            valueName: "seconds"))
    var seconds: Seconds?

    @Option(
        help: ArgumentHelp("Seed of the link: equal seeds give equal fates.", valueName: "number"))
    var seed: UInt64 = 1

    @Flag(help: "Acknowledgements never share a datagram with the other direction.")
    var feedbackAlone = false

    @OptionGroup(title: "Coding") var coding: CodingOptions
    @OptionGroup(title: "Network") var network: NetworkOptions

    func validate() throws {
        guard NamedLink(named: link) != nil else {
            let names = NamedLink.all.map(\.name).joined(separator: ", ")
            throw ValidationError("--link \(link): there is no such link; use one of \(names)")
        }
    }

    func run() async throws {
        guard let link = NamedLink(named: link) else { return }
        let plan = try coding.plan(hasSound: true)
        let backends = try network.backends()
        let clips = try [clip, clipBack ?? clip].map { try open($0, plan.pictureRate) }
        let progress = ProgressLine(isWanted: true)
        let simulation = try TwoWaySimulation(
            plan, clips: (clips[0], clips[1]),
            encoders: (try backends.encoder(), try backends.encoder()), link: link, seed: seed,
            sharesDatagrams: !feedbackAlone)
        let results = try simulation.run { count in
            if count.isMultiple(of: 25) { progress.show("picture \(count)") }
        }
        progress.clear()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        for (result, name) in zip(results, [clip, clipBack ?? clip]) {
            let report = TwoWayReport(
                result, link: self.link, seed: seed, clip: URL(filePath: name).lastPathComponent,
                promised: plan.rate, sharesDatagrams: !feedbackAlone)
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
        }
    }

    private func open(_ path: String, _ rate: PictureRate) throws -> BackAndForth {
        let count = seconds.map {
            max(1, Int(($0.duration.seconds * Double(rate.picturesPerSecond)).rounded()))
        }
        return try BackAndForth(
            VideoSource(try VideoReader(VideoInput(path)), isCamera: false), count: count,
            rate: rate)
    }
}
