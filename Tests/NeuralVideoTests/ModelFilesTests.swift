import Foundation
import Inference
import KeypointCoding
import NeuralVideo
import Testing

@Suite("The network's files")
final class ModelFilesTests {
    /// SHA-256 of the one-letter files `d`, `s`, `g`, of `tables`, and over the four hashes, by Python's
    /// hashlib.
    static let hashes = [
        "detector.onnx": "18ac3e7343f016890c510e93f935261169d9e3f565436429830faf0934f4f8e4",
        "source_encoder.onnx": "043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89",
        "generator.onnx": "cd0aa9856147b6c5b4ff2b7dfee5da20aa38253099ef1b4a64aced233c9afe29",
        "keypoints.bin": "a6ec017ede792407c7ad89c218afacf030e9fce0dbe8560100e44bb966255f13",
    ]
    /// Tables for one keypoint: the right length, and all numbers the same.
    static let tables = Array("PGKT".utf8) + [1, 1] + Array(repeating: 0x40 as UInt8, count: 6604)
    static let weightsHash = "b27b0659191bd32df94ca8fcd780632f6373771ca3540b869eda5ae332521090"

    let folder = FileManager.default.temporaryDirectory.appending(path: "model-\(UUID())")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("d", "detector.onnx")
        try write("s", "source_encoder.onnx")
        try write("g", "generator.onnx")
        try write(Data(Self.tables), "keypoints.bin")
        try describe(Self.hashes)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func write(_ text: String, _ name: String) throws {
        try write(Data(text.utf8), name)
    }

    private func write(_ content: Data, _ name: String) throws {
        try content.write(to: folder.appending(path: name))
    }

    private func describe(_ hashes: [String: String]) throws {
        let list = hashes.map { "\"\($0)\": {\"bytes\": 1, \"sha256\": \"\($1)\"}" }
        try write(
            "{\"licence\": \"x\", \"files\": {\(list.joined(separator: ", "))}}", "model.json")
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    @Test func theHashesNameTheWeights() throws {
        let files = try ModelFiles(folder: folder.path)
        let hexadecimal = files.weightsHash.map { String(format: "%02x", $0) }.joined()
        #expect(hexadecimal == Self.weightsHash)
        #expect(files.keypointTables.keypointCount == 1)
        #expect(files.path(of: .sourceEncoder) == path("source_encoder.onnx"))
    }

    @Test func aChangedFileIsRefused() throws {
        try write("G", "generator.onnx")
        #expect(throws: ModelError.hashMismatch(path: path("generator.onnx"))) {
            try ModelFiles(folder: folder.path)
        }
    }

    @Test func tablesThatAreNoneAreRefused() throws {
        var hashes = Self.hashes
        hashes["keypoints.bin"] = hashes["detector.onnx"]
        try describe(hashes)
        try write("d", "keypoints.bin")
        let error = ModelError.malformedTables(path: path("keypoints.bin"), .unknownFormat)
        #expect(throws: error) { try ModelFiles(folder: folder.path) }
    }

    @Test(arguments: [
        "model.json", "detector.onnx", "source_encoder.onnx", "generator.onnx", "keypoints.bin",
    ])
    func aMissingFileIsRefused(name: String) throws {
        try FileManager.default.removeItem(at: folder.appending(path: name))
        #expect(throws: ModelError.unreadable(path: path(name))) {
            try ModelFiles(folder: folder.path)
        }
    }

    @Test(arguments: ["", "{", "[]", "{\"files\": []}", "{\"files\": {}}", "\u{0}"])
    func aMalformedListIsRefused(text: String) throws {
        try write(text, "model.json")
        let error = #expect(throws: ModelError.self) { try ModelFiles(folder: folder.path) }
        guard case .malformedDescription(path("model.json"), _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["", "zz", "18ac3e", String(repeating: "é", count: 64)])
    func aMalformedHashIsRefused(hash: String) throws {
        var hashes = Self.hashes
        hashes["detector.onnx"] = hash
        try describe(hashes)
        let error = #expect(throws: ModelError.self) { try ModelFiles(folder: folder.path) }
        guard case .malformedDescription = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func filesThatAreNoNetworksAreRefused() throws {
        let files = try ModelFiles(folder: folder.path)
        let engine = try Engine()
        for load: () throws -> Void in [
            { _ = try NeuralKeypointDetector(files, engine: engine) },
            { _ = try NeuralPictureGenerator(files, engine: engine) },
        ] {
            let error = #expect(throws: ModelError.self) { try load() }
            guard case .inference(.invalidModel) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }
}
