import Foundation
import Media

/// This project's codec, as a program that sends one clip to itself over a perfect link.
///
/// In a process of its own, so that its memory and its processor time can be told from the rest.
package struct OwnCodec: Sendable {
    package static let name = "pantograph"
    package static let title = "Pantograph"

    /// One way of using it.
    package struct Setting: Hashable, Sendable {
        /// What rows call it.
        package let name: String
        /// What is said to the program.
        package let arguments: [String]

        package init(name: String, arguments: [String]) {
            self.name = name
            self.arguments = arguments
        }
    }

    /// What the program tells.
    package struct Report: Codable, Sendable {
        package var payloadBytes, wireBytes, datagrams: Int
        /// Bytes on the wire by what they are for.
        package var parts: [String: Int]
        package var heldPictures: Int
        /// Seconds of all processors.
        package var encodeSeconds, decodeSeconds: Double

        package init(
            payloadBytes: Int, wireBytes: Int, datagrams: Int, parts: [String: Int],
            heldPictures: Int, encodeSeconds: Double, decodeSeconds: Double
        ) {
            self.payloadBytes = payloadBytes
            self.wireBytes = wireBytes
            self.datagrams = datagrams
            self.parts = parts
            self.heldPictures = heldPictures
            self.encodeSeconds = encodeSeconds
            self.decodeSeconds = decodeSeconds
        }
    }

    /// The program that is run, and the command of it that makes a call.
    private let program: String
    private let command: [String]
    package let settings: [Setting]

    /// Names the program; `command` are its first arguments.
    package init(program: String, command: [String], settings: [Setting]) {
        self.program = program
        self.command = command
        self.settings = settings
    }

    /// The name of the file with what was rebuilt at one setting.
    static func pictures(_ setting: Setting) -> String { "\(name)-\(setting.name).yuv" }

    /// Sends the pictures that lie in a folder to itself.
    ///
    /// Both ends run in one process: of the joules it took, each gets its share of the processor time, and
    /// what neither took, such as the start, goes to none, as for other codecs.
    ///
    /// - Throws: `ChildProcess.Failure`, and errors of reading what it told.
    package func run(
        _ setting: Setting, folder: String, energy: EnergyMeter? = nil
    ) throws -> CodecOutput {
        // Names, not paths: it runs in the folder.
        let report = "report.json"
        let pictures = Self.pictures(setting)
        let child = ChildProcess(
            program,
            command + [
                "--input", ClipCoder.original, "--pictures", pictures, "--report", report,
            ] + setting.arguments, folder: folder)
        let outcome: ChildProcess.Outcome
        var joules: Double?
        if let energy {
            (outcome, joules) = try energy.measured(child.run)
        } else {
            outcome = try child.run()
        }
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(report)") else {
            throw RawPictures.Failure.cannotRead(report)
        }
        let told = try JSONDecoder().decode(Report.self, from: data)
        func cost(_ seconds: Double) -> CodecOutput.Cost {
            let share = min(1, seconds / max(1e-9, outcome.processor.seconds))
            return CodecOutput.Cost(
                processor: .seconds(seconds), peakMemory: outcome.peakMemory,
                joules: joules.map { $0 * share })
        }
        return CodecOutput(
            payload: DataSize(bytes: told.payloadBytes), wire: DataSize(bytes: told.wireBytes),
            packets: told.datagrams, parts: told.parts, heldPictures: told.heldPictures,
            encode: cost(told.encodeSeconds), decode: cost(told.decodeSeconds),
            pictures: "\(folder)/\(pictures)")
    }
}
