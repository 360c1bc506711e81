public import Media

/// How much of one source the receiver has (`Protocol/packets.md`, section 3.4).
public struct SourceStatus: Hashable, Sendable {
    /// The source.
    public let source: SourceIdentifier
    /// For each fragment, in order, whether it has arrived.
    public let arrived: [Bool]

    /// Makes a status; at most as many fragments as the longest source has.
    public init(source: SourceIdentifier, arrived: [Bool]) {
        self.source = source
        self.arrived = arrived
    }

    /// Whether the receiver has the whole source.
    public var isComplete: Bool { arrived.allSatisfy { $0 } }

    static let largestFragmentCount = SourceFragmentFrame.count(
        forSourceLength: WireConstants.largestSource)

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        source = try SourceIdentifier(parsing: bytes, at: &cursor)
        let count = Int(
            try cursor.integer(bytes, in: 1...UInt64(Self.largestFragmentCount), .fragmentCount))
        let bits = try cursor.take((count + 7) / 8, bytes)
        arrived = (0..<count).map { bits[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: UInt64(source.rawValue))
        bytes.append(integer: UInt64(arrived.count))
        var bits = [UInt8](repeating: 0, count: (arrived.count + 7) / 8)
        for (index, has) in arrived.enumerated() where has {
            bits[index / 8] |= 1 << UInt8(index % 8)
        }
        bytes += bits
    }
}
