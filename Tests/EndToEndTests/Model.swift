import Foundation
import TestSupport

/// Copies of the shipped network, to be damaged.
enum Model {
    static let parts = ["detector.onnx", "source_encoder.onnx", "generator.onnx"]
    static let files = parts + ["keypoints.bin", "model.json"]

    /// Copies the network's files and gives the new folder's path.
    static func copy(to path: String) throws -> String {
        let from = ProjectFolders.package + "/Sources/NeuralVideo/Resources/"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for file in files {
            try Data(contentsOf: URL(filePath: from + file)).write(
                to: URL(filePath: "\(path)/\(file)"))
        }
        return path
    }
}
