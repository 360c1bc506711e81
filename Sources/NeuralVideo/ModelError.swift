public import Inference
public import KeypointCoding

/// Why the network's files cannot be used.
public enum ModelError: Error, Hashable, Sendable {
    /// No folder with the network's files lies beside the program.
    case notInstalled(searched: [String])
    /// A file is missing or cannot be read.
    case unreadable(path: String)
    /// `model.json` is not the list of files that it should be.
    case malformedDescription(path: String, reason: String)
    /// A file is not the one that `model.json` lists (SHA-256).
    case hashMismatch(path: String)
    /// The tables by which keypoints are coded are none.
    case malformedTables(path: String, KeypointTablesError)
    /// A network has other inputs or outputs than this program uses.
    case wrongInterface(file: String, reason: String)
    /// The inference engine refused.
    case inference(InferenceError)
}

extension ModelError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notInstalled(let searched):
            "the network's files are missing; looked for in \(searched.joined(separator: ", "))"
        case .unreadable(let path):
            "the network's file \(path) is missing or cannot be read"
        case .malformedDescription(let path, let reason):
            "\(path) does not describe a network: \(reason)"
        case .hashMismatch(let path):
            "\(path) is not the file that model.json lists: its SHA-256 differs"
        case .malformedTables(let path, let error):
            "\(path) holds no tables for keypoints: \(error)"
        case .wrongInterface(let file, let reason):
            "\(file) is not a network that this program can use: \(reason)"
        case .inference(let error):
            "\(error)"
        }
    }
}
