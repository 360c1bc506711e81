import Capture
import Foundation
import Media
import Pipeline
import Testing
import UDPTransport

/// The three programs with arguments that tests share.
enum Programs {
    /// Whether the network can be run on this machine.
    static func canInfer() async -> Bool {
        // Nobody answers at the discard port; without OpenVINO the program does not get that far.
        guard
            let program = try? Program(
                "pantograph-send",
                [
                    "--insecure", "--input", "head", "--to", "127.0.0.1:9", "--timeout", "0.1",
                    "--threads", "1",
                ]),
            let outcome = try? await program.outcome()
        else { return true }
        return !outcome.messages.joined().contains("OpenVINO is not installed")
    }

    /// A receiver that writes to `output`, and the address where it listens.
    static func receiver(
        output: String, listen: String = "127.0.0.1:0", _ more: [String] = []
    ) async throws -> (Program, address: String) {
        let program = try Program(
            "pantograph-receive",
            try protection(more) + ["--listen", listen, "--output", output, "--threads", "1"]
                + more)
        return (program, try await program.line(after: "listening at "))
    }

    /// A sender of the rendered head.
    static func sender(
        to address: String, seconds: Double = 2, _ more: [String] = []
    ) throws -> Program {
        try Program(
            "pantograph-send",
            try protection(more)
                + [
                    "--input", "head", "--duration", "\(seconds)", "--to", address, "--threads",
                    "1",
                ]
                + more)
    }

    /// The key of all calls in these tests, but for those that bring their own or go without.
    static func protection(_ arguments: [String] = []) throws -> [String] {
        let own = ["--insecure", "--key-file", "--static-key"]
        guard !arguments.contains(where: own.contains) else { return [] }
        return ["--key-file", try key.get()]
    }

    private static let key = Result<String, any Error> {
        let path = NSTemporaryDirectory() + "pantograph-test-\(UUID().uuidString).key"
        try KeyFile.makeShared(at: path)
        return path
    }

    /// A port of this machine where nobody listens, for now.
    static func freePort() async throws -> UInt16 {
        let transport = try await UDPTransport.listen(at: Endpoint(host: "127.0.0.1", port: 0))
        let port = transport.localAddress.port
        await transport.close()
        return port
    }

    /// How many pictures a video file holds.
    static func pictureCount(of path: String) throws -> Int {
        let reader = try VideoReader(VideoInput(path))
        var count = 0
        while try reader.next() != nil { count += 1 }
        return count
    }

    /// The lines of a statistics file that are about a second or the call.
    static func statistics(_ path: String) throws -> [StatisticsLine] {
        try lines(path).filter { line in
            !line.contains(sourceKind) && !line.contains(fallbackKind)
        }.map {
            try JSONDecoder().decode(StatisticsLine.self, from: Data($0.utf8))
        }
    }

    /// Those that are about looks at the call.
    static func looks(_ path: String) throws -> [SourceLine] {
        try lines(path).filter { $0.contains(sourceKind) }.map {
            try JSONDecoder().decode(SourceLine.self, from: Data($0.utf8))
        }
    }

    private static let sourceKind = "\"kind\":\"source\""
    private static let fallbackKind = "\"kind\":\"fallback\""

    private static func lines(_ path: String) throws -> [Substring] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    }

    /// Waits until a statistics file has a line, which comes a second after the first picture.
    static func waitForStatistics(_ path: String) async throws {
        for _ in 0..<3000 {
            if let lines = try? statistics(path), !lines.isEmpty { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Program.Late(description: "no statistics in \(path)")
    }
}

extension Program.Outcome {
    /// Whether the program failed with one sentence for people, without a trace or a Swift type.
    var isClearFailure: Bool {
        let errors = messages.filter { $0.hasPrefix("Error: ") }
        let codeWords = ["Fatal", "0x", "Error(", "(errno", "Optional(", "NSCocoa", ".swift"]
        return status != 0 && status < 128 && errors.count == 1
            && !codeWords.contains { messages.joined().contains($0) }
    }
}
