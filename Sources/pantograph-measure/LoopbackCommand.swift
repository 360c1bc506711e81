import ArgumentParser
import Capture
import Media
import Pipeline
import PNG
import Presentation
import ProgramOptions
import Quality
import Session
import VideoCoding

struct LoopbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loopback",
        abstract: "Sends a clip to itself over an emulated link and measures rate and quality.",
        discussion: """
            Both ends run in this process on a virtual clock, with the code of a real call but for \
            sockets and time. Every fifth picture is compared to the original (--every). There is no
            sound: `pantograph-measure call` has a voice, and `two-way` one in each direction.

            Example:
              pantograph-measure loopback --input talk.mp4 --output talk-rebuilt.mkv \\
                --report talk.json --sheet talk.png --loss 0.05 --delay 100
            """)

    @OptionGroup(title: "Input") var input: InputOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Where rebuilt pictures go: a video file or a folder.", valueName: "output"))
    var output: String?

    @Option(help: ArgumentHelp("Write the figures as JSON.", valueName: "file.json"))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Write a picture with rows of source, original, rebuilt, difference.",
            valueName: "file.png"))
    var sheet: String?

    @Option(help: ArgumentHelp("Rows of the sheet, 1 to 20.", valueName: "count"))
    var sheetRows = 6

    @Option(
        help: ArgumentHelp(
            "LPIPS weights (AlexNet, safetensors), for the perceptual distance.",
            valueName: "file"))
    var lpips: String?

    @Option(help: ArgumentHelp("Measure each n-th picture.", valueName: "n"))
    var every = 5

    @Option(help: ArgumentHelp("Stop after so much video.", valueName: "seconds"))
    var duration: Seconds?

    @Option(
        help: ArgumentHelp(
            "Use the PNG pictures of this folder as the source set.", valueName: "folder"))
    var sourceDirectory: String?

    @OptionGroup(title: "Link") var link: LinkOptions
    @OptionGroup(title: "Coding") var coding: CodingOptions
    @OptionGroup(title: "Network") var network: NetworkOptions

    @Flag(name: [.short, .long], help: "No progress line and no summary.")
    var quiet = false

    func validate() throws {
        guard every > 0 else { throw ValidationError("--every \(every): use 1 or more") }
        guard (1...20).contains(sheetRows) else {
            throw ValidationError("--sheet-rows \(sheetRows): use 1 to 20")
        }
        if input.input == "head", duration == nil {
            throw ValidationError(
                "the rendered head never ends: add --duration, such as --duration 10")
        }
    }

    func run() async throws {
        let source = try input.open()
        let stills = try sourceDirectory.map { folder throws(CaptureError) in
            try SourceDirectory.pictures(in: folder)
        }
        let sink = try output.map { output throws(PresentationError) in
            try PictureOutput(output).open()
        }
        let backends = try network.backends()
        let meter = LoopbackMeter(
            lpips: try lpips.map { path throws(QualityError) in
                try LPIPS(weights: path, engine: backends.engine, threads: network.threads)
            },
            every: every, sheetRows: sheet == nil ? 0 : sheetRows, sink: sink,
            progress: ProgressLine(isWanted: !quiet), expected: source.expectedCount)
        let plan = try coding.plan(hasSound: false)
        var options = SimulatedCall.Options(plan: plan)
        options.link = link.conditions
        options.seed = link.seed
        options.largestPictureCount = duration.map {
            Int(($0.duration.seconds * Double(plan.pictureRate.picturesPerSecond)).rounded(.up))
        }
        let call = try SimulatedCall(
            encoder: try backends.encoder(), decoder: try backends.decoder(), size: .standard,
            options: options)
        let result = try call.run(source, stills: stills ?? []) { try meter.take($0) }
        try meter.finish()
        let report = meter.report(result, input: input.input, linkSeed: link.seed)
        if let path = self.report { try JSONFile.write(report, to: path) }
        if let sheet, let image = meter.sheet { try PNGFile.write(image, to: sheet) }
        if !quiet { report.tell() }
    }
}
