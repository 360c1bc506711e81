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
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .cannotWrite(path: path, reason: ReportError.reason(errno))
        }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        self.path = path
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Appends a line; after a failure nothing more is written.
    public func write(_ value: some Encodable) {
        guard failure == nil else { return }
        do {
            try file.write(contentsOf: encoder.encode(value) + Data("\n".utf8))
        } catch {
            failure = .cannotWrite(path: path, reason: ReportError.reason(error))
        }
    }
}
