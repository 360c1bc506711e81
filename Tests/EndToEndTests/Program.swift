import Foundation
import TestSupport

/// One of the project's programs as a process of its own, killed when the test lets go of it.
final class Program {
    /// What a program left behind.
    struct Outcome {
        /// The exit status; for a program that died of a signal, 128 and the signal's number.
        let status: Int32
        /// What it wrote to standard error.
        let messages: [String]
        /// What it wrote to standard output.
        let output: Data
    }

    /// A program did not do in time what was waited for.
    struct Late: Error, CustomStringConvertible {
        let description: String
    }

    /// Where the programs lie: beside the test bundle.
    static let folder: String = {
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: link ?? CommandLine.arguments[0]).deletingLastPathComponent().path()
    }()

    /// Long enough for a loaded machine; only a hang takes it.
    private static let patience = Duration.seconds(90)

    private let name: String
    private let process = Foundation.Process()
    private let scratch: TemporaryFolder

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - name: the program's name.
    ///   - arguments: its arguments.
    ///   - input: what it reads from standard input; nothing by default.
    init(_ name: String, _ arguments: [String], input: FileHandle? = nil) throws {
        self.name = name
        scratch = try TemporaryFolder()
        process.executableURL = URL(filePath: Self.folder + name)
        process.arguments = arguments
        process.standardInput = input ?? FileHandle.nullDevice
        // Files rather than pipes: nobody has to read them for the program to go on.
        process.standardOutput = try Self.create(scratch.file("out"))
        process.standardError = try Self.create(scratch.file("err"))
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// What it has written to standard error.
    var messages: [String] {
        let text = (try? String(contentsOfFile: scratch.file("err"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Waits for a line on standard error that begins so, and gives what follows.
    func line(after beginning: String) async throws -> String {
        var found: String?
        try await wait("write \"\(beginning)\"") {
            found = messages.first { $0.hasPrefix(beginning) }
            return found != nil || !process.isRunning
        }
        guard let found else {
            throw Late(description: "\(name) ended without \"\(beginning)\": \(messages)")
        }
        return String(found.dropFirst(beginning.count))
    }

    /// Ctrl-C.
    func interrupt() { kill(process.processIdentifier, SIGINT) }

    /// Waits for the end.
    func outcome() async throws -> Outcome {
        try await wait("end") { !process.isRunning }
        let died = process.terminationReason == .uncaughtSignal
        return Outcome(
            status: process.terminationStatus + (died ? 128 : 0), messages: messages,
            output: try Data(contentsOf: URL(filePath: scratch.file("out"))))
    }

    private func wait(_ what: String, until isDone: () -> Bool) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: Self.patience)
        while !isDone() {
            guard clock.now < deadline else {
                throw Late(description: "\(name) did not \(what): \(messages)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func create(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(filePath: path))
        return try FileHandle(forWritingTo: URL(filePath: path))
    }
}
