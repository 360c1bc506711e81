import Foundation
import Pipeline
import TestSupport
import Testing

extension EndToEndTests {
    /// What `--trace` of the three programs tells together.
    @Suite(.serialized) struct TraceTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private func lines<Line: Decodable>(_ name: String) throws -> [Line] {
            try String(contentsOfFile: folder.file(name), encoding: .utf8).split(separator: "\n")
                .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        }

        @Test func tracesTellWhatBecameOfEachPictureAndDatagram() async throws {
            let clip = folder.file("clip.mkv")
            let rendered = try await Program(
                "pantograph-measure", ["render-head", "--seconds", "4", "--output", clip]
            ).outcome()
            #expect(rendered.status == 0, "\(rendered.messages)")
            let (receiver, address) = try await Programs.receiver(
                output: "-", ["--trace", folder.file("shown.jsonl")])
            let relay = try Program(
                "pantograph-measure",
                [
                    "relay", "--listen", "127.0.0.1:0", "--to", address, "--loss", "0.1",
                    "--delay", "20", "--trace", folder.file("wire.jsonl"),
                ])
            let front = try await relay.line(after: "relaying from ")
            let sender = try Program(
                "pantograph-send",
                try Programs.protection() + [
                    "--input", clip, "--to", String(front.prefix { $0 != " " }), "--threads", "1",
                    "--source-policy", "first", "--fallback", "off",
                    "--trace", folder.file("taken.jsonl"), "--stats", folder.file("s.jsonl"),
                ])
            let sent = try await sender.outcome()
            #expect(sent.status == 0, "\(sent.messages)")
            let received = try await receiver.outcome()
            #expect(received.status == 0, "\(received.messages)")
            relay.interrupt()
            let passed = try await relay.outcome()

            let taken: [PictureLine] = try lines("taken.jsonl")
            #expect(taken.map(\.picture) == Array(0..<100))
            #expect(taken.allSatisfy { $0.event == .taken })
            for (later, earlier) in zip(taken.dropFirst(), taken) {
                #expect(abs(later.clock - earlier.clock - 0.04) < 1e-4)
            }

            let shown: [PictureLine] = try lines("shown.jsonl")
            #expect(!shown.isEmpty && shown.allSatisfy { $0.event != .taken })
            let whole = shown.filter { $0.event == .keypoints }
            // A machine that has no time shows few of them.
            #expect(!whole.isEmpty)
            // Nothing is seen before its light has come through the link.
            for line in whole { #expect(line.clock - taken[line.picture].clock > 0.02) }
            let output = folder.file("out.y4m")
            try received.output.write(to: URL(filePath: output))
            // What was left out is filled with the one before.
            let first = try #require(shown.first?.picture)
            let count = try #require(shown.last?.picture) - first + 1
            #expect(try Programs.pictureCount(of: output) == count)

            let wire: [RelayLine] = try lines("wire.jsonl")
            let summary = try #require(try Programs.statistics(folder.file("s.jsonl")).last)
            #expect(wire.count == summary.datagrams)
            #expect(wire.reduce(0) { $0 + $1.bytes } == summary.wireBytes)
            let lost = wire.count(where: \.isLost)
            #expect(lost > 0)
            #expect(
                passed.messages.contains {
                    $0.hasPrefix("to the receiver: \(wire.count) datagrams, \(lost) lost,")
                }, "\(passed.messages)")

            let report = folder.file("report.json")
            let compared = try await Program(
                "pantograph-measure",
                [
                    "compare", "--original", clip, "--rebuilt", output, "--first", "\(first)",
                    "--every", "1", "--report", report,
                ]
            ).outcome()
            #expect(compared.status == 0, "\(compared.messages)")
            struct Report: Decodable {
                struct Picture: Decodable { let picture: Int }
                let pictures: [Picture]
            }
            let measured = try JSONDecoder().decode(
                Report.self, from: Data(contentsOf: URL(filePath: report)))
            #expect(measured.pictures.map(\.picture) == Array(first..<min(100, first + count)))
        }

        @Test(arguments: [["--first", "-1"], ["--first", "3", "--align-ends"]])
        func whatIsComparedMustBeClear(options: [String]) async throws {
            let outcome = try await Program(
                "pantograph-measure",
                ["compare", "--original", "none", "--rebuilt", "none"] + options
            ).outcome()
            #expect(outcome.status == 64, "\(outcome.messages)")
        }
    }
}
