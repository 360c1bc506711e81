import ArgumentParser
import Media
import Pipeline
import Presentation
import ProgramOptions

struct RenderHeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render-head",
        abstract: "Renders the talking head to a video file or a folder of pictures.",
        discussion:
            "Example: pantograph-measure render-head --seed 7 --seconds 8 --output head-7.mp4")

    @Option(help: ArgumentHelp("Each number is another person.", valueName: "number"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("How long.", valueName: "seconds"))
    var seconds = Seconds(10)

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("A video file, or a folder for PNG pictures.", valueName: "output"))
    var output: String

    @Flag(name: [.short, .long], help: "No progress line.")
    var quiet = false

    func run() async throws {
        let sink = try PictureOutput(output).open()
        let head = HeadSource(seed: seed)
        let rate = PictureRate.standard
        let count = Int((seconds.duration.seconds * Double(rate.picturesPerSecond)).rounded())
        let progress = ProgressLine(isWanted: !quiet)
        for number in 0..<count {
            guard !sink.isClosed, let picture = head.next() else { break }
            try sink.show(picture)
            if number.isMultiple(of: 25) { progress.show("picture \(number) of \(count)") }
        }
        progress.clear()
        try sink.finish()
    }
}
