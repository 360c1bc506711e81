public import Foundation

/// One case of `Protocol/vectors`: bytes, and what they mean.
public struct Vector: Sendable, CustomStringConvertible {
    /// `section/case`.
    public let name: String
    /// The bytes.
    public let bytes: [UInt8]
    /// The JSON beside them.
    public let meaning: Data

    public var description: String { name }

    /// All cases of a section, by name; an empty or absent folder is an error.
    public static func all(in section: String) throws -> [Vector] {
        let folder = URL(fileURLWithPath: ProjectFolders.package)
            .appendingPathComponent("Protocol/vectors/\(section)")
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        let vectors = try files.filter { $0.pathExtension == "hex" }.map { file in
            let name = file.deletingPathExtension().lastPathComponent
            return Vector(
                name: "\(section)/\(name)",
                bytes: try bytes(ofHex: String(contentsOf: file, encoding: .utf8)),
                meaning: try Data(contentsOf: folder.appendingPathComponent("\(name).json")))
        }
        guard !vectors.isEmpty else { throw CocoaError(.fileReadNoSuchFile) }
        return vectors.sorted { $0.name < $1.name }
    }

    /// The meaning as a value.
    public func decoded<T: Decodable>(as type: T.Type) throws -> T {
        try JSONDecoder().decode(type, from: meaning)
    }

    /// The bytes that hexadecimal digits stand for; white space is ignored.
    public static func bytes(ofHex text: String) throws -> [UInt8] {
        let digits = text.filter { !$0.isWhitespace }.map(\.hexDigitValue)
        guard digits.count.isMultiple(of: 2) else { throw CocoaError(.fileReadCorruptFile) }
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            guard let high = digits[index], let low = digits[index + 1] else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return UInt8(high << 4 | low)
        }
    }
}
