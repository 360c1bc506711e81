import Foundation

/// A line on standard error that is written over while a call goes on; nothing where that is no terminal.
public struct ProgressLine: Sendable {
    private let isShown: Bool

    /// Shows progress if `isWanted` and standard error is a terminal.
    public init(isWanted: Bool) { isShown = isWanted && isatty(STDERR_FILENO) == 1 }

    /// Replaces the line.
    public func show(_ text: String) {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }

    /// Removes the line.
    public func clear() {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
