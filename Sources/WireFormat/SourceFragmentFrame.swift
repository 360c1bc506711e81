public import Media

/// A part of a source image (`Protocol/packets.md`, section 3.2).
public struct SourceFragmentFrame: Hashable, Sendable {
    /// The source that this is a part of.
    public let source: SourceIdentifier
    /// The length of the whole source in bytes, 1…``WireConstants/largestSource``.
    public let sourceLength: Int
    /// Which part: it starts at `index` × ``WireConstants/fragmentLength``.
    public let index: Int
    /// The part's bytes; their count follows from the length and the index.
    public let bytes: [UInt8]

    /// How many fragments a source of this length has.
    public static func count(forSourceLength length: Int) -> Int {
        (length + WireConstants.fragmentLength - 1) / WireConstants.fragmentLength
    }

    /// The byte range of the whole source that fragment `index` holds.
    public static func range(ofFragment index: Int, sourceLength: Int) -> Range<Int> {
        let start = index * WireConstants.fragmentLength
        return start..<min(start + WireConstants.fragmentLength, sourceLength)
    }

    /// Cuts fragment `index` out of a whole source; the index must exist.
    public init(of source: CodedSource, index: Int) {
        let range = Self.range(ofFragment: index, sourceLength: source.payload.count)
        self.source = source.identifier
        sourceLength = source.payload.count
        self.index = index
        bytes = Array(source.payload[range])
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        source = try SourceIdentifier(parsing: bytes, at: &cursor)
        sourceLength = Int(
            try cursor.integer(
                bytes, in: 1...UInt64(WireConstants.largestSource), .sourceLength))
        index = Int(
            try cursor.integer(
                bytes, in: 0...UInt64(Self.count(forSourceLength: sourceLength) - 1),
                .fragmentIndex))
        let range = Self.range(ofFragment: index, sourceLength: sourceLength)
        self.bytes = try cursor.take(range.count, bytes)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: UInt64(source.rawValue))
        bytes.append(integer: UInt64(sourceLength))
        bytes.append(integer: UInt64(index))
        bytes += self.bytes
    }
}

extension SourceIdentifier {
    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        let value = try cursor.integer(
            bytes, in: 0...(WireConstants.sourceIdentifierLimit - 1), .sourceIdentifier)
        self.init(UInt16(truncatingIfNeeded: value))
    }
}
