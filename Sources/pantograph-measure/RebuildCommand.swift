import ArgumentParser
import Foundation
import Inference
import KeypointCoding
import NeuralVideo
import Pipeline
import ProgramOptions
import Quality

struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Rebuilds a folder of clips from 1 to 8 sources and measures the quality.",
        discussion: """
            By the rules of Training/evaluate.py, so that the two can be compared: each clip is read at \
            25 pictures a second and 256x256, each n-th picture (--every) is rebuilt from sources that \
            are spread evenly over the clip, the first picture always among them. There is no network \
            between; loopback measures whole calls.

            The table has a line for each number of sources, and one for the first picture shown \
            unchanged. In each cell: mean over all pictures (what 95 of 100 pictures reach; mean over \
            clips). Clips that cannot be read are named and passed over, and the exit status is 1.

            Example:
              pantograph-measure rebuild --clips clips/test --sources 1,2,3,5 --lpips lpips.safetensors
            """)

    @Option(help: ArgumentHelp("Folder of videos; folders in it count.", valueName: "folder"))
    var clips: String

    @Option(
        help: ArgumentHelp("Numbers of sources, 1 to 8, with commas between.", valueName: "list"))
    var sources = SourceCounts([1, 2, 3, 5])

    @Option(help: ArgumentHelp("Rebuild each n-th picture.", valueName: "n"))
    var every = 5

    @Option(help: ArgumentHelp("Measure each n-th clip.", valueName: "n"))
    var clipsEvery = 1

    @Option(
        help: ArgumentHelp("LPIPS weights (AlexNet, safetensors).", valueName: "file"))
    var lpips: String?

    @Option(
        help: ArgumentHelp(
            "Sources as AV1 still pictures of this quantiser, 0 (finest) to 63: as in calls.",
            valueName: "number"))
    var av1: Int?

    @Option(
        help: ArgumentHelp(
            "Sources as VP8 key frames of this quantiser, 0 (finest) to 63.", valueName: "number"))
    var vp8: Int?

    @Flag(help: "Driving keypoints coded as they are on the wire.")
    var wire = false

    @Option(
        help: ArgumentHelp(
            "With --wire: how finely keypoints are coded, 0 (finest) to 15.",
            valueName: "number"))
    var step = QuantizerStep.standard.index

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Write a line of JSON for each clip and number of sources.", valueName: "file.jsonl"))
    var output: String?

    @OptionGroup(title: "Network") var network: NetworkOptions

    @Flag(name: [.short, .long], help: "No progress, only the table.")
    var quiet = false

    func validate() throws {
        for (name, value) in [("every", every), ("clips-every", clipsEvery)] where value < 1 {
            throw ValidationError("--\(name) \(value): use 1 or more")
        }
        for (name, value) in [("av1", av1), ("vp8", vp8)] {
            guard let value, !(0...63).contains(value) else { continue }
            throw ValidationError("--\(name) \(value): use 0 to 63")
        }
        guard av1 == nil || vp8 == nil else {
            throw ValidationError("--av1 and --vp8: use one of them")
        }
        guard QuantizerStep(index: step) != nil else {
            throw ValidationError("--step \(step): use 0 to 15")
        }
    }

    func run() async throws {
        let folder = try ClipFolder(clips, every: clipsEvery)
        let writer = try output.map { path throws(ReportError) in try JSONLinesWriter(path: path) }
        let rebuilder = try rebuilder()
        let progress = ProgressLine(isWanted: !quiet)
        var rows = [RebuildRow]()
        var passedOver = 0
        for (index, clip) in folder.clips.enumerated() {
            progress.show(
                "clip \(index + 1) of \(folder.clips.count): \(clip.lastPathComponent)")
            do {
                let new = try rebuilder.measure(clip, counts: sources.counts)
                progress.clear()
                if !quiet { Notice.tell(Self.sentence(new)) }
                for row in new { writer?.write(row) }
                rows += new
            } catch {
                progress.clear()
                passedOver += 1
                Notice.tell("passed over \(clip.lastPathComponent): \(error)")
            }
        }
        guard !rows.isEmpty else { throw ClipFolder.Failure.nothingMeasured(clips) }
        print(RebuildTable(rows: rows, counts: sources.counts))
        if let failure = writer?.failure { throw failure }
        if passedOver > 0 { throw ExitCode(1) }
    }

    private func rebuilder() throws -> ClipRebuilder {
        let engine = try Engine()
        let files =
            try network.model.map { path throws(ModelError) in try ModelFiles(folder: path) }
            ?? .shipped()
        let options = Model.Options(
            threads: network.threads, precision: network.precision.precision)
        return ClipRebuilder(
            detector: try NeuralKeypointDetector(files, engine: engine, options: options),
            generator: try NeuralPictureGenerator(files, engine: engine, options: options),
            lpips: try lpips.map { path throws(QualityError) in
                try LPIPS(weights: path, engine: engine, threads: network.threads)
            },
            every: every,
            still: av1.map(StillCompression.av1) ?? vp8.map(StillCompression.vp8),
            coding: wire
                ? (
                    try KeypointEncoder(files.keypointTables),
                    QuantizerStep(index: step) ?? .standard
                )
                : nil)
    }

    /// The clip's name and the first figure for each number of sources.
    private static func sentence(_ rows: [RebuildRow]) -> String {
        let figures = rows.compactMap { row -> String? in
            let measure = RebuildRow.Measure.all.first { measure in
                row.figures.contains { measure.value($0) != nil }
            }
            guard let measure, let value = mean(row.figures.compactMap(measure.value)) else {
                return nil
            }
            let text = String(format: "%.\(measure.digits)f", value)
            switch row.sources {
            case .copied: return "\(measure.title) copy \(text)"
            case .count(let count): return "\(count): \(text)"
            }
        }
        return "\(rows.first?.clip ?? ""): " + figures.joined(separator: ", ")
    }
}
