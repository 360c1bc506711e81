public import Media

/// The newest picture of the stream that the receiver holds and others may be predicted from
/// (`Protocol/feedback.md`, section 2.1).
public struct PictureStatusFrame: Hashable, Sendable {
    /// The low 16 bits of its number; nothing where it holds none.
    public let anchor: UInt16?

    /// Makes a statement.
    public init(anchor: PictureNumber?) {
        self.anchor = anchor.map { UInt16(truncatingIfNeeded: $0.rawValue) }
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        let count = try cursor.integer(bytes, in: 0...1, .anchorCount)
        anchor = count == 1 ? try cursor.uint16(bytes) : nil
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: anchor == nil ? 0 : 1)
        if let anchor { bytes.append(uint16: anchor) }
    }
}
