import Foundation
import TestSupport
import Testing

extension EndToEndTests {
    /// `pantograph-measure rebuild`: a folder of clips, the network alone.
    @Suite(.serialized) struct RebuildTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        /// A line of what `--output` writes.
        private struct Row: Decodable, Equatable {
            enum Sources: Decodable, Equatable {
                case copied
                case count(Int)

                init(from decoder: any Decoder) throws {
                    let container = try decoder.singleValueContainer()
                    if let count = try? container.decode(Int.self) {
                        self = .count(count)
                    } else {
                        #expect(try container.decode(String.self) == "copy")
                        self = .copied
                    }
                }
            }
            var clip: String
            var sources: Sources
            var pictures: Int
            var psnr, l1, ssim: Double
            var lpips: Double?
        }

        /// Renders a clip of a head into the folder of clips.
        private func render(_ name: String, seconds: Double) async throws {
            let clips = folder.file("clips/more")
            try FileManager.default.createDirectory(
                atPath: clips, withIntermediateDirectories: true)
            let program = try Program(
                "pantograph-measure",
                [
                    "render-head", "--seed", "3", "--seconds", "\(seconds)", "--output",
                    "\(clips)/\(name)",
                ])
            let outcome = try await program.outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
        }

        private func rebuild(_ arguments: [String]) async throws -> (Program.Outcome, [Row]) {
            let rows = folder.file("rows.jsonl")
            let program = try Program(
                "pantograph-measure",
                [
                    "rebuild", "--clips", folder.file("clips"), "--output", rows, "--threads", "1",
                    "--precision", "f32",
                ] + arguments)
            let outcome = try await program.outcome()
            let text = (try? String(contentsOfFile: rows, encoding: .utf8)) ?? ""
            let decoded = try text.split(separator: "\n").map {
                try JSONDecoder().decode(Row.self, from: Data($0.utf8))
            }
            return (outcome, decoded)
        }

        @Test func eachNumberOfSourcesIsMeasured() async throws {
            try await render("head.mp4", seconds: 2)
            try await render("short.mp4", seconds: 0.2)
            try Data("no video".utf8).write(
                to: URL(filePath: folder.file("clips/broken.mkv")))
            let (outcome, rows) = try await rebuild(["--sources", "1,3"])
            #expect(outcome.status == 1, "\(outcome.messages)")
            #expect(rows.map(\.clip) == ["head", "head", "head"])
            #expect(rows.map(\.sources) == [.copied, .count(1), .count(3)])
            // Every fifth of 50 pictures.
            #expect(rows.allSatisfy { $0.pictures == 10 && $0.lpips == nil })
            #expect(rows.allSatisfy { $0.psnr > 10 && $0.l1 > 0 && $0.ssim < 1 })
            // Three pictures are rebuilt from themselves.
            #expect(rows[2].l1 < rows[1].l1)
            for name in ["short.mp4", "broken.mkv"] {
                #expect(outcome.messages.contains { $0.hasPrefix("passed over \(name): ") })
            }
            let table = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
            #expect(table.count == 5)
            #expect(table[2].hasPrefix("| copy | ") && table[4].hasPrefix("| 3 | "))
        }

        @Test func sourcesAndKeypointsCanBeAsOnTheWire() async throws {
            try await render("head.mp4", seconds: 0.8)
            let plain = try await rebuild(["--sources", "2"]).1
            let coarse = try await rebuild(["--sources", "2", "--vp8", "60"]).1
            let rounded = try await rebuild(["--sources", "2", "--wire", "--step", "15"]).1
            try #require(plain.count == 2 && coarse.count == 2 && rounded.count == 2)
            // What is copied is the picture itself, whatever is done to sources.
            #expect(plain[0] == coarse[0] && plain[0] == rounded[0])
            #expect(plain[1].l1 < coarse[1].l1)
            #expect(plain[1].l1 < rounded[1].l1)
        }

        @Test(arguments: [["--sources", "1,9"], ["--sources", "2,2"], ["--every", "0"]])
        func argumentsOutOfRangeAreRefused(arguments: [String]) async throws {
            let (outcome, rows) = try await rebuild(arguments)
            #expect(outcome.status == 64)
            #expect(rows.isEmpty)
        }

        @Test func aFolderWithoutClipsIsRefused() async throws {
            let (absent, _) = try await rebuild([])
            #expect(absent.isClearFailure, "\(absent.messages)")
            try FileManager.default.createDirectory(
                atPath: folder.file("clips"), withIntermediateDirectories: true)
            let (empty, _) = try await rebuild([])
            #expect(empty.isClearFailure, "\(empty.messages)")
            try await render("short.mp4", seconds: 0.2)
            let (useless, _) = try await rebuild([])
            #expect(useless.isClearFailure, "\(useless.messages)")
        }
    }
}
