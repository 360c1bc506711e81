import ArgumentParser
import Foundation
import Inference
import Media
import NeuralVideo
import Pipeline
import ProgramOptions
import VideoCoding
import VP8

struct SpeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speed",
        abstract: "Times the network's parts beside a VP8 decode of the same size.",
        discussion: """
            Detector, source encoder, and generator with 1, 2 and 3 sources, each with 1 and 2 threads \
            and in f32 and bf16: the median over many runs, conversions from and to pictures included. \
            VP8's decode of a key frame of the same size tells how fast the machine is just then.
            """)

    @Option(help: ArgumentHelp("Runs of each part.", valueName: "count"))
    var runs = 50

    @Option(help: ArgumentHelp("Folder of the network's files.", valueName: "folder"))
    var model: String?

    @Option(help: ArgumentHelp("Write the figures as JSON.", valueName: "file.json"))
    var report: String?

    func validate() throws {
        guard (1...100_000).contains(runs) else {
            throw ValidationError("--runs \(runs): use 1 to 100000")
        }
    }

    /// One line of the table.
    struct Row: Codable {
        var part: String
        var threads: Int
        var precision: String
        /// Milliseconds.
        var median, percentile95: Double
        /// The median in units of a VP8 key frame's decode.
        var vp8Decodes: Double
    }

    func run() async throws {
        let engine = try Engine()
        let files =
            try model.map { folder throws(ModelError) in try ModelFiles(folder: folder) }
            ?? .shipped()
        let bench = SpeedBench(engine: engine, files: files, runs: runs)
        let vp8 = try bench.vp8Decode()
        var rows: [Row] = []
        print(Self.line("part", "threads", "precision", "median ms", "p95 ms", "VP8 decodes"))
        func add(_ part: String, _ threads: Int, _ precision: String, _ times: [Double]) {
            let row = Row(
                part: part, threads: threads, precision: precision,
                median: SpeedBench.quantile(times, 0.5),
                percentile95: SpeedBench.quantile(times, 0.95),
                vp8Decodes: SpeedBench.quantile(times, 0.5) / SpeedBench.quantile(vp8, 0.5))
            rows.append(row)
            print(
                Self.line(
                    part, "\(threads)", precision, String(format: "%.2f", row.median),
                    String(format: "%.2f", row.percentile95), String(format: "%.1f", row.vp8Decodes)
                ))
        }
        add("VP8 key frame decode", 1, "-", vp8)
        let precisions: [PrecisionName] = engine.supportsBFloat16 ? [.f32, .bf16] : [.f32]
        for precision in precisions {
            for threads in [1, 2] {
                let options = Model.Options(threads: threads, precision: precision.precision)
                for (part, times) in try bench.network(options) {
                    add(part, threads, precision.rawValue, times)
                }
            }
        }
        if let report { try JSONFile.write(rows, to: report) }
    }

    private static func line(_ cells: String...) -> String {
        let widths = [24, 8, 10, 10, 10, 11]
        return zip(cells, widths).enumerated().map { index, pair in
            let padding = String(repeating: " ", count: max(0, pair.1 - pair.0.count))
            return index == 0 ? pair.0 + padding : padding + pair.0
        }.joined(separator: " ")
    }
}
