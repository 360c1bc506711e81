import Foundation
import TestSupport
import Testing

extension EndToEndTests {
    /// `pantograph-measure speed`: what it writes, not how fast anything is.
    @Suite(.serialized) struct SpeedTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private struct Row: Decodable {
            var part, precision: String
            var threads: Int
            var median, percentile95, processor, vp8Decodes: Double
            var generators: Double?
        }

        private static let onnx = ProjectFolders.package + "/Sources/NeuralVideo/Resources/"

        @Test func aPeerIsTimedBesideTheNetwork() async throws {
            let path = folder.file("speed.json")
            let program = try Program(
                "pantograph-measure",
                [
                    "speed", "--runs", "2", "--threads", "1", "--precision", "f32", "--report",
                    path, "--peer", Self.onnx + "detector.onnx",
                ])
            let outcome = try await program.outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
            let data = try Data(contentsOf: URL(filePath: path))
            let rows = try JSONDecoder().decode([Row].self, from: data)
            #expect(
                rows.map(\.part) == [
                    "VP8 key frame decode", "300 pictures coded", "300 pictures decoded",
                    "detector", "source encoder", "generator, 1 source", "generator, 2 sources",
                    "generator, 3 sources", "peer detector.onnx",
                ])
            #expect(rows.allSatisfy { $0.threads == 1 && $0.precision == "f32" })
            #expect(rows.allSatisfy { $0.median > 0 && $0.processor > 0 && $0.vp8Decodes > 0 })
            #expect(rows.map { $0.generators != nil } == rows.map { $0.part.hasPrefix("peer") })
            #expect(try #require(rows.last?.generators) > 0)
        }

        @Test func aPeerOfOpenSizeIsRefused() async throws {
            let program = try Program(
                "pantograph-measure", ["speed", "--peer", Self.onnx + "generator.onnx"])
            let outcome = try await program.outcome()
            #expect(outcome.isClearFailure, "\(outcome.messages)")
            #expect(outcome.messages.contains { $0.contains("export it with fixed sizes") })
        }
    }
}
