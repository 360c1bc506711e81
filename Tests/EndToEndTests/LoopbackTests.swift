import Foundation
import Media
import PNG
import Pipeline
import TestSupport
import Testing

extension EndToEndTests {
    /// `pantograph-measure loopback`: both ends in one process.
    @Suite(.serialized) struct LoopbackTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        /// The fields of a report that do not depend on the machine's speed.
        private struct Report: Decodable, Equatable {
            var input: String
            var linkSeed: UInt64
            var sentPictures, generatedPictures, lostPictures, longestLoss: Int
            var seconds, wireKilobitsPerSecond, wireKilobitsPerSecondAfterFirstSecond: Double
            var keypointKilobitsPerSecond: Double
            var sourceBytes, datagrams, lostDatagrams: Int
            var quality, copiedSource: QualitySummary
            var pictures: [PictureQuality]
        }

        private func loopback(_ name: String, _ arguments: [String]) async throws -> Report {
            let program = try Program(
                "pantograph-measure",
                [
                    "loopback", "--input", "head", "--report", folder.file(name), "--threads", "1",
                    "--precision", "f32",
                ] + arguments)
            let outcome = try await program.outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
            let data = try Data(contentsOf: URL(filePath: folder.file(name)))
            return try JSONDecoder().decode(Report.self, from: data)
        }

        @Test func aPerfectLinkIsReportedAndDrawn() async throws {
            let report = try await loopback(
                "r.json",
                [
                    "--duration", "2", "--output", folder.file("out.mkv"), "--sheet",
                    folder.file("sheet.png"),
                ])
            #expect(report.input == "head")
            #expect(report.sentPictures == 50)
            #expect(report.generatedPictures == 50)
            #expect(report.lostPictures == 0 && report.lostDatagrams == 0)
            #expect(report.seconds == 2)
            #expect(report.pictures.map(\.picture) == Array(stride(from: 0, to: 50, by: 5)))
            #expect(report.quality.pictures == 10)
            #expect(report.copiedSource.pictures == 10)
            #expect(report.quality.psnr.mean > 15)
            #expect(report.wireKilobitsPerSecondAfterFirstSecond <= 12)
            #expect(
                report.wireKilobitsPerSecondAfterFirstSecond > report.keypointKilobitsPerSecond / 2)
            #expect(try Programs.pictureCount(of: folder.file("out.mkv")) == 50)
            // Six rows of four pictures with four pixels between them.
            let sheet = try PNGFile.read(folder.file("sheet.png"))
            #expect(sheet.width == 4 * 256 + 3 * 4)
            #expect(sheet.height == 6 * 256 + 5 * 4)
        }

        @Test func equalSeedsGiveEqualReports() async throws {
            let bad = ["--duration", "2", "--loss", "0.1", "--jitter", "30", "--link-seed"]
            let first = try await loopback("1.json", bad + ["5"])
            let second = try await loopback("2.json", bad + ["5"])
            let other = try await loopback("3.json", bad + ["6"])
            #expect(first == second)
            #expect(first != other)
            #expect(first.lostDatagrams > 0)
        }
    }
}
