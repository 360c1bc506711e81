import Foundation
import TestSupport

/// Files with others' weights, which are not part of the project; nothing where they are not at hand.
enum SharedWeights {
    static let lpips = path("lpips.safetensors")
    static let mtcnn = path("mtcnn.safetensors")

    /// Looked for in `models` of the folder that `PANTOGRAPH_SHARED` names, or of `../shared`.
    private static func path(_ name: String) -> String? {
        ProjectFolders.shared.map { "\($0)/models/\(name)" }.flatMap {
            FileManager.default.isReadableFile(atPath: $0) ? $0 : nil
        }
    }
}
