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
        abstract: "Times the network's parts beside a VP8 decode and other networks.",
        discussion: """
            Detector, source encoder, and generator with 1, 2 and 3 sources, each with 1 and 2 threads \
            and in f32 and bf16, conversions from and to pictures included: median and 95th percentile \
            by the clock, and the median time of all processors together, which other work on the \
            machine hardly changes. Keypoints are coded and decoded for 300 pictures at once. The parts \
            take turns of five runs. VP8's decode of a key frame of the same size tells how fast the \
            machine is just then.

            A peer is any ONNX file with fixed sizes; it runs on the same engine, in the same turns, \
            and is also counted in pictures of this generator from one source (processor time). \
            Training/peers.py makes that of FOMM.

            Example:
              pantograph-measure speed --peer fomm.onnx --precision bf16 --threads 1
            """)

    @Option(help: ArgumentHelp("Runs of each part.", valueName: "count"))
    var runs = 50

    @Option(
        name: .customLong("peer"),
        help: ArgumentHelp("Another network (ONNX); may be given again.", valueName: "file"))
    var peers: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Numbers of threads, such as 1 2.", valueName: "count"))
    var threads = [1, 2]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("f32, bf16 or both; by default all that work.", valueName: "name"))
    var precision: [PrecisionName] = []

    @Option(help: ArgumentHelp("Folder of the network's files.", valueName: "folder"))
    var model: String?

    @Option(help: ArgumentHelp("Write the figures as JSON.", valueName: "file.json"))
    var report: String?

    func validate() throws {
        guard (1...100_000).contains(runs) else {
            throw ValidationError("--runs \(runs): use 1 to 100000")
        }
        guard !threads.isEmpty, threads.allSatisfy({ (1...64).contains($0) }) else {
            throw ValidationError("--threads \(threads): use 1 to 64")
        }
    }

    func run() async throws {
        let engine = try Engine()
        let files =
            try model.map { folder throws(ModelError) in try ModelFiles(folder: folder) }
            ?? .shipped()
        let bench = SpeedBench(engine: engine, files: files, peers: peers, runs: runs)
        let every: [PrecisionName] = engine.supportsBFloat16 ? [.f32, .bf16] : [.f32]
        var rows: [SpeedRow] = []
        print(SpeedRow.header)
        for precision in precision.isEmpty ? every : precision {
            for threads in threads {
                let options = Model.Options(threads: threads, precision: precision.precision)
                let parts = try bench.vp8Decode() + bench.keypoints() + bench.network(options)
                let times = try bench.time(parts)
                let own = zip(parts, times).first { $0.0.name == "generator, 1 source" }?.1
                for (part, time) in zip(parts, times) {
                    let row = SpeedRow(
                        part: part.name, threads: threads, precision: precision.rawValue,
                        times: time, vp8: times[0],
                        generator: part.name.hasPrefix("peer ") ? own : nil)
                    rows.append(row)
                    print(row.line)
                }
            }
        }
        if let report { try JSONFile.write(rows, to: report) }
    }
}
