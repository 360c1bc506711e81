import Foundation
import TestSupport
import Testing

extension EndToEndTests {
    /// `pantograph-measure call`.
    @Suite(.serialized) struct LinkCallTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private struct Report: Decodable {
            let link: String
            let shown, madeUp, streamed, held, delayMedian, longestFreeze: Double
            let looks, laterSources, stepsAside: Int
        }

        private struct Line: Decodable {
            let kind: String
            let time: Double
        }

        /// A head; the first part of the name of a link is understood, too.
        @Test func whatWasDecidedIsWrittenAndDrawn() async throws {
            let clip = folder.file("head.mp4")
            let rendered = try await Program(
                "pantograph-measure",
                ["render-head", "--seed", "3", "--seconds", "2", "--output", clip]
            ).outcome()
            #expect(rendered.status == 0, "\(rendered.messages)")
            let outcome = try await Program(
                "pantograph-measure",
                [
                    "call", "--link", "gprs", "--clip", clip, "--seconds", "6", "--threads", "1",
                    "--every", "25", "--out", folder.file("out"),
                ]
            ).outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
            let report = try JSONDecoder().decode(Report.self, from: outcome.output)
            #expect(report.link == "gprs" && report.looks > 3)
            // The round trip takes half a second.
            #expect(report.delayMedian > 250 && report.longestFreeze < 6)
            let sum = report.shown + report.madeUp + report.streamed + report.held
            #expect(abs(sum - 1) < 0.01)
            let trace = try String(
                contentsOfFile: folder.file("out/gprs.trace.jsonl"), encoding: .utf8)
            let lines = try trace.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            #expect(lines.count { $0.kind == "source" } == report.looks)
            #expect(lines.count { $0.kind == "second" } >= 5)
            #expect(lines.count { $0.kind == "picture" } > 100)
            #expect(lines.map(\.time) == lines.map(\.time).sorted())
            let plot = try String(contentsOfFile: folder.file("out/gprs.svg"), encoding: .utf8)
            #expect(plot.contains("what the sender decided") && plot.contains("shown: warped"))
            #expect(
                FileManager.default.fileExists(atPath: folder.file("out/gprs.png"))
                    || outcome.messages.contains { $0.contains("no PNG of the plot") })
        }

        @Test func linksThatAreNotThereAreRefused() async throws {
            let outcome = try await Program(
                "pantograph-measure", ["call", "--link", "gprs-9", "--clip", "none"]
            ).outcome()
            #expect(outcome.status == 64)
        }
    }
}
