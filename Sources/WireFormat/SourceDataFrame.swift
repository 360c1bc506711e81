public import Media

/// Some bytes of a source (`Protocol/packets.md`, section 3.6).
public struct SourceDataFrame: Hashable, Sendable {
    /// The source.
    public let source: SourceIdentifier
    /// Where in it the bytes begin.
    public let offset: Int
    /// The bytes, at least one; they end within ``WireConstants/largestSource``.
    public let bytes: [UInt8]

    /// Makes a frame from values that the caller knows to be in range.
    public init(source: SourceIdentifier, offset: Int, bytes: [UInt8]) {
        self.source = source
        self.offset = offset
        self.bytes = bytes
    }

    /// What the frame takes in front of its bytes where it is the last one of its datagram.
    public static func headerSize(source: SourceIdentifier, offset: Int) -> Int {
        var bytes: [UInt8] = []
        bytes.append(integer: UInt64(source.rawValue))
        bytes.append(integer: UInt64(offset))
        return 1 + bytes.count
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor, end: FrameEnd) throws(WireError) {
        source = try SourceIdentifier(parsing: bytes, at: &cursor)
        let largest = WireConstants.largestSource
        offset = Int(try cursor.integer(bytes, in: 0...UInt64(largest - 1), .sourceOffset))
        self.bytes = try cursor.payload(
            bytes, end: end, largest: min(largest - offset, WireConstants.largestDatagram),
            .dataLength)
    }

    func append(to bytes: inout [UInt8], end: FrameEnd) {
        bytes.append(integer: UInt64(source.rawValue))
        bytes.append(integer: UInt64(offset))
        bytes.append(payload: self.bytes, end: end)
    }
}
