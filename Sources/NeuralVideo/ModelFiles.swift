import Crypto
import FoundationEssentials
public import KeypointCoding

/// The folder with the network's files, after comparing each with its SHA-256 in `model.json`.
public struct ModelFiles: Hashable, Sendable {
    /// One of the three networks.
    public enum Part: String, CaseIterable, Sendable {
        /// Finds keypoints in a picture.
        case detector = "detector.onnx"
        /// Computes what is kept of a source image.
        case sourceEncoder = "source_encoder.onnx"
        /// Rebuilds a picture.
        case generator = "generator.onnx"
    }

    /// The name of the file with the tables by which keypoints are coded.
    public static let tablesName = "keypoints.bin"

    /// The folder.
    public let folder: String

    /// The tables by which keypoints are coded; they follow from what the detector's mean.
    public let keypointTables: KeypointTables

    /// Names these weights, 32 bytes: the SHA-256 over the SHA-256 of detector, source encoder,
    /// generator and tables in this order. Two ends with different weights cannot understand each other.
    public let weightsHash: [UInt8]

    /// Reads `model.json` in a folder and checks the files that it lists.
    ///
    /// - Throws: ``ModelError/unreadable(path:)``,
    ///   ``ModelError/malformedDescription(path:reason:)``, ``ModelError/hashMismatch(path:)``,
    ///   ``ModelError/malformedTables(path:_:)``.
    public init(folder: String) throws(ModelError) {
        self.folder = folder
        let list = folder + "/model.json"
        let listed = try ModelDescription(at: list).hashes
        var all = SHA256()
        var tables: [UInt8] = []
        for name in Part.allCases.map(\.rawValue) + [Self.tablesName] {
            guard let expected = listed[name] else {
                throw .malformedDescription(path: list, reason: "\(name) is not listed")
            }
            let path = folder + "/" + name
            let content = try contents(of: path)
            let hash = Array(SHA256.hash(data: content))
            guard hash == expected else { throw .hashMismatch(path: path) }
            all.update(data: hash)
            if name == Self.tablesName { tables = Array(content) }
        }
        weightsHash = Array(all.finalize())
        do {
            keypointTables = try KeypointTables(parsing: tables)
        } catch {
            throw .malformedTables(path: folder + "/" + Self.tablesName, error)
        }
    }

    /// The network that comes with the program, found beside the executable.
    ///
    /// - Throws: ``ModelError/notInstalled(searched:)``, or what ``init(folder:)`` throws.
    public static func shipped() throws(ModelError) -> ModelFiles {
        let files = FileManager.default
        let program = (try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "./."
        let folder = program.split(separator: "/", omittingEmptySubsequences: false)
            .dropLast().joined(separator: "/")
        // SwiftPM's name of the bundle begins with the package's. Its own `Bundle.module` ends the
        // program where the bundle is missing, which should be an error with a message instead.
        let bundles = ((try? files.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasSuffix("_NeuralVideo.resources") }.sorted()
        let candidates =
            bundles.map { "\(folder)/\($0)/Resources" } + ["\(folder)/../share/pantograph/model"]
        for candidate in candidates where files.fileExists(atPath: candidate + "/model.json") {
            return try ModelFiles(folder: candidate)
        }
        throw .notInstalled(searched: ["\(folder)/*_NeuralVideo.resources"] + candidates)
    }

    /// Where one of the networks lies.
    public func path(of part: Part) -> String { folder + "/" + part.rawValue }
}

/// Everything in a file.
func contents(of path: String) throws(ModelError) -> Data {
    do {
        return try Data(contentsOf: URL(filePath: path))
    } catch {
        throw .unreadable(path: path)
    }
}
