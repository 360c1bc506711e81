import Foundation
public import KeypointCoding

/// The tables for keypoints that come with the network.
public enum ShippedTables {
    /// Where they lie.
    public static let path =
        ProjectFolders.package + "/Sources/NeuralVideo/Resources/keypoints.bin"

    /// The file's bytes.
    public static func bytes() throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Reads them.
    public static func read() throws -> KeypointTables { try KeypointTables(parsing: bytes()) }
}
