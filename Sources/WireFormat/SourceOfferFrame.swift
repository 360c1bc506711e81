public import Media

/// What a source is, before its bytes come (`Protocol/packets.md`, section 3.5).
public struct SourceOfferFrame: Hashable, Sendable {
    /// The source's name within the call.
    public let source: SourceIdentifier
    /// How many bytes it has, 1…``WireConstants/largestSource``.
    public let length: Int
    /// The first 16 bytes of SHA-256 over them.
    public let hash: [UInt8]

    /// Makes an offer, or nothing where a value is out of range.
    public init?(source: SourceIdentifier, length: Int, hash: [UInt8]) {
        guard
            (1...WireConstants.largestSource).contains(length),
            hash.count == WireConstants.contentHashLength
        else { return nil }
        self.source = source
        self.length = length
        self.hash = hash
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        source = try SourceIdentifier(parsing: bytes, at: &cursor)
        length = Int(
            try cursor.integer(bytes, in: 1...UInt64(WireConstants.largestSource), .sourceLength))
        hash = try cursor.take(WireConstants.contentHashLength, bytes)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: UInt64(source.rawValue))
        bytes.append(integer: UInt64(length))
        bytes += hash
    }
}

extension SourceIdentifier {
    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        let value = try cursor.integer(
            bytes, in: 0...(WireConstants.sourceIdentifierLimit - 1), .sourceIdentifier)
        self.init(UInt16(truncatingIfNeeded: value))
    }
}
