import ArgumentParser
import Capture
import Inference
import Media
import Pipeline
import ProgramOptions
import Quality

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Measures the quality of a rebuilt video against its original.",
        discussion: """
            Picture k is compared to picture k, both at 25 pictures a second and 256x256. The first \
            picture of the original, shown unchanged, is measured beside it.

            Example:
              pantograph-measure compare --original talk.mp4 --rebuilt received.mkv --lpips lpips.safetensors
            """)

    @Option(help: ArgumentHelp("The video that was sent.", valueName: "file"))
    var original: String

    @Option(help: ArgumentHelp("The video that was received.", valueName: "file"))
    var rebuilt: String

    @Option(
        help: ArgumentHelp("LPIPS weights (AlexNet, safetensors).", valueName: "file"))
    var lpips: String?

    @Option(help: ArgumentHelp("Measure each n-th picture.", valueName: "n"))
    var every = 5

    @Flag(
        help: ArgumentHelp(
            "Compare the last picture to the last one: for a call whose first pictures were not shown, since their source was not there yet."
        ))
    var alignEnds = false

    @Option(
        help: ArgumentHelp(
            "Compare the first rebuilt picture to this one of the original, counted from 0: the first one in the receiver's --trace.",
            valueName: "number"))
    var first: Int?

    @Option(help: ArgumentHelp("Write the figures as JSON.", valueName: "file.json"))
    var report: String?

    func validate() throws {
        guard every > 0 else { throw ValidationError("--every \(every): use 1 or more") }
        if let first, first < 0 { throw ValidationError("--first \(first): use 0 or more") }
        if alignEnds, first != nil {
            throw ValidationError("--first and --align-ends say two things: use one of them")
        }
    }

    /// What is written as JSON.
    struct Report: Codable {
        var originalPictures, rebuiltPictures: Int
        var quality, copiedSource: QualitySummary?
        var pictures: [PictureQuality]
    }

    func run() async throws {
        let unshown =
            try first ?? (alignEnds ? max(0, count(original) - count(rebuilt)) : 0)
        let before = try VideoReader(VideoInput(original))
        let after = try VideoReader(VideoInput(rebuilt))
        let metric = try lpips.map { path in try LPIPS(weights: path, engine: Engine()) }
        let shown = QualityMeter(lpips: metric)
        let copied = QualityMeter(lpips: metric)
        var counts = (before: 0, after: 0)
        var source: RGBImage?
        while let picture = try before.next() {
            counts.before += 1
            let pair = counts.before > unshown ? try after.next() : nil
            if pair != nil { counts.after += 1 }
            if source == nil { source = RGBImage(picture) }
            guard let pair, let source, (counts.before - 1).isMultiple(of: every) else { continue }
            let number = PictureNumber(UInt32(counts.before - 1))
            let image = RGBImage(picture)
            try shown.add(number, original: image, shown: RGBImage(pair))
            try copied.add(number, original: image, shown: source)
        }
        while try after.next() != nil { counts.after += 1 }
        let report = Report(
            originalPictures: counts.before, rebuiltPictures: counts.after, quality: shown.summary,
            copiedSource: copied.summary, pictures: shown.pictures)
        if let path = self.report { try JSONFile.write(report, to: path) }
        print("\(counts.before) pictures in the original, \(counts.after) in the rebuilt video")
        for (name, quality) in [
            ("rebuilt", report.quality), ("source unchanged", report.copiedSource),
        ] {
            if let quality { print("\(name): \(quality.sentence)") }
        }
    }

    /// How many pictures a video has.
    private func count(_ video: String) throws -> Int {
        let reader = try VideoReader(VideoInput(video))
        var count = 0
        while try reader.next() != nil { count += 1 }
        return count
    }
}
