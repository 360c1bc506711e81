import Foundation
import TestSupport
import Testing

extension EndToEndTests {
    /// `pantograph-measure rate-quality` and `merge`.
    @Suite(.serialized) struct RateQualityTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        /// The program for other codecs: `PANTOGRAPH_FFMPEG`, or the one that the shell would find.
        private static let ffmpeg: String? = {
            let variables = ProcessInfo.processInfo.environment
            if let named = variables["PANTOGRAPH_FFMPEG"] { return named }
            return (variables["PATH"] ?? "").split(separator: ":").map { "\($0)/ffmpeg" }
                .first { FileManager.default.isExecutableFile(atPath: $0) }
        }()

        private struct Row: Decodable {
            struct Spread: Decodable { let mean, median, p95: Double }
            let clip, codec, setting: String
            let pictures, measured, payloadBytes, wireBytes: Int
            let payloadRate, wireRate: Double
            let heldPictures: Int?
            let parts: [String: Int]?
            let quality: [String: Spread]
        }

        private func render(_ name: String) async throws {
            let clips = folder.file("clips")
            try FileManager.default.createDirectory(
                atPath: clips, withIntermediateDirectories: true)
            let outcome = try await Program(
                "pantograph-measure",
                ["render-head", "--seed", "3", "--seconds", "0.8", "--output", "\(clips)/\(name)"]
            ).outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
        }

        private func measure(_ out: String, _ arguments: [String]) async throws
            -> Program.Outcome
        {
            try await Program(
                "pantograph-measure",
                ["rate-quality", "--clips", folder.file("clips"), "--out", folder.file(out)]
                    + arguments
            ).outcome()
        }

        private func rows(_ out: String) throws -> [Row] {
            try String(contentsOfFile: folder.file("\(out)/rows.jsonl"), encoding: .utf8)
                .split(separator: "\n").map {
                    try JSONDecoder().decode(Row.self, from: Data($0.utf8))
                }
        }

        @Test func whatCannotBeHadIsNamedAndTheRestIsMeasured() async throws {
            try await render("head.mp4")
            try Data("no video".utf8).write(to: URL(filePath: folder.file("clips/broken.mkv")))
            try Data("YUV4MPEG2 W256 H256 F25:1 Ip A1:1 C420jpeg\n".utf8).write(
                to: URL(filePath: folder.file("clips/empty.y4m")))
            let arguments = [
                "--ffmpeg", "/nowhere/ffmpeg", "--points", "2", "--lpips", "/nowhere/lpips",
                "--jobs", "2",
            ]
            let outcome = try await measure("out", arguments)
            #expect(outcome.status == 1, "\(outcome.messages)")
            for words in [
                "/nowhere/ffmpeg is no ffmpeg", "LPIPS is not measured", "broken: ", "empty: ",
            ] {
                #expect(outcome.messages.contains { $0.contains(words) }, "\(words)")
            }
            let found = try rows("out")
            #expect(found.map(\.codec) == ["pantograph", "pantograph"])
            for row in found {
                #expect(row.clip == "head" && row.pictures == 20 && row.measured == 4)
                #expect(row.payloadBytes > 200 && row.wireBytes > row.payloadBytes)
                // Handshake and all: what the parts come to is what was sent.
                let parts = try #require(row.parts)
                #expect(parts.values.reduce(0, +) == row.wireBytes)
                #expect((parts["handshake"] ?? 0) > 100)
                #expect(abs(row.payloadRate - Double(row.payloadBytes) * 8 / 800) < 0.001)
                #expect(Set(row.quality.keys) == ["psnr", "ssim", "ms-ssim", "l1"])
                #expect((row.quality["psnr"]?.mean ?? 0) > 12)
            }
            let html = try String(
                contentsOfFile: folder.file("out/report.html"), encoding: .utf8)
            #expect(html.contains("/nowhere/ffmpeg is no ffmpeg") && html.contains("broken"))
            // Once more: nothing is measured twice.
            let again = try await measure("out", arguments)
            #expect(again.messages.contains("2 rows are there already"))
            #expect(try rows("out").count == 2)
            // Under other conditions it refuses.
            let other = try await measure("out", arguments + ["--every", "2"])
            #expect(other.isClearFailure, "\(other.messages)")
        }

        @Test(.enabled(if: ffmpeg != nil, "needs ffmpeg, see PANTOGRAPH_FFMPEG"))
        func shardsWithAnotherCodecAreMerged() async throws {
            try await render("a.mp4")
            try await render("b.mp4")
            let arguments = [
                "--ffmpeg", try #require(Self.ffmpeg), "--points", "2", "--every", "10",
                "--codecs", "h264,pantograph", "--no-pictures", "--jobs", "1",
            ]
            for shard in 1...2 {
                let outcome = try await measure(
                    "part\(shard)", arguments + ["--shard", "\(shard)/2"])
                #expect(Set(try rows("part\(shard)").map(\.clip)).count == 1)
                #expect(try rows("part\(shard)").count == 4, "\(outcome.messages)")
            }
            _ = try await Program(
                "pantograph-measure",
                [
                    "merge", folder.file("part1"), folder.file("part2"), "--out",
                    folder.file("all"),
                ]
            ).outcome()
            let found = try rows("all")
            #expect(Set(found.map(\.clip)) == ["a", "b"] && found.count == 8)
            for row in found where row.codec == "h264" {
                // Each picture takes a packet: 40 bytes of headers.
                #expect(row.wireBytes >= row.payloadBytes + 20 * 40)
                #expect((row.quality["psnr"]?.mean ?? 0) > 20)
            }
            for name in ["bd-rate.json", "rate-quality.csv", "report.html", "table.md"] {
                #expect(FileManager.default.fileExists(atPath: folder.file("all/\(name)")))
            }
            let html = try String(
                contentsOfFile: folder.file("all/report.html"), encoding: .utf8)
            #expect(html.contains("libx264 core"))
        }

        @Test(arguments: [
            ["--shard", "3/2"], ["--codecs", "h267"], ["--points", "1"], ["--every", "0"],
            ["--jobs", "0"],
        ])
        func argumentsOutOfRangeAreRefused(arguments: [String]) async throws {
            let outcome = try await measure("out", arguments)
            #expect(outcome.status == 64)
            #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
        }

        @Test func foldersWithoutARunAreNotMerged() async throws {
            let outcome = try await Program(
                "pantograph-measure", ["merge", "/nowhere", "--out", folder.file("all")]
            ).outcome()
            #expect(outcome.isClearFailure, "\(outcome.messages)")
        }
    }
}
