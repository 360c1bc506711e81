import Foundation

/// Writes values as JSON, one on each line.
public final class JSONLinesWriter {
    private let file: FileHandle
    private let encoder = JSONEncoder()
    /// The first write that failed, if any: a full disk must not end a call.
    public private(set) var failure: ReportError?
    private let path: String

    /// Creates the file, or empties it.
    public init(path: String) throws(ReportError) {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw .cannotWrite(path: path, reason: "cannot create it") }
        self.file = file
        self.path = path
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Appends a line; after a failure nothing more is written.
    public func write(_ value: some Encodable) {
        guard failure == nil else { return }
        do {
            try file.write(contentsOf: encoder.encode(value) + Data("\n".utf8))
        } catch {
            failure = .cannotWrite(path: path, reason: "\(error.localizedDescription)")
        }
    }

    deinit { try? file.close() }
}

/// Why a report could not be written.
public enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file could not be created or written.
    case cannotWrite(path: String, reason: String)

    public var description: String {
        switch self {
        case .cannotWrite(let path, let reason):
            "cannot write \"\(path)\": \(reason); check the folder, the rights and the space left"
        }
    }
}
