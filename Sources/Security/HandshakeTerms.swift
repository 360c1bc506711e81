/// What an end brings into a call; the handshake carries it sealed, and the responder compares.
public struct HandshakeTerms: Hashable, Sendable {
    /// SHA-256 that names the network's weights, 32 bytes; both ends' must be equal.
    public let weightsHash: [UInt8]
    /// Keypoints in each picture, 1…255; both ends' must be equal.
    public let keypointCount: UInt8
    /// Sources of a set: the initiator's need, the responder's limit.
    public let sourceSetSize: UInt8
    /// The longest datagram in bytes: the initiator's need, the responder's limit.
    public let largestDatagram: UInt16

    /// The length of ``weightsHash``.
    public static let hashLength = 32
    /// The terms' length on the wire.
    static let length = hashLength + 4

    /// Makes terms, or nothing where the hash has another length.
    public init?(
        weightsHash: [UInt8], keypointCount: UInt8, sourceSetSize: UInt8,
        largestDatagram: UInt16 = UInt16(SecurityConstants.largestDatagram)
    ) {
        guard weightsHash.count == Self.hashLength else { return nil }
        self.weightsHash = weightsHash
        self.keypointCount = keypointCount
        self.sourceSetSize = sourceSetSize
        self.largestDatagram = largestDatagram
    }

    /// Reads terms from the start of `bytes`, or nothing where these are too few.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= Self.length else { return nil }
        let start = bytes.startIndex + Self.hashLength
        weightsHash = Array(bytes[..<start])
        keypointCount = bytes[start]
        sourceSetSize = bytes[start + 1]
        largestDatagram = UInt16(bytes[start + 2]) << 8 | UInt16(bytes[start + 3])
    }

    var bytes: [UInt8] {
        weightsHash + [
            keypointCount, sourceSetSize, UInt8(largestDatagram >> 8),
            UInt8(truncatingIfNeeded: largestDatagram),
        ]
    }

    /// Why an end with these terms refuses one that needs `needs`; nothing where it takes part.
    func refusal(of needs: HandshakeTerms) -> HandshakeRefusal? {
        guard needs.weightsHash == weightsHash else { return .weightsDiffer }
        guard
            needs.keypointCount == keypointCount, needs.sourceSetSize <= sourceSetSize,
            needs.largestDatagram <= largestDatagram
        else { return .unsupported }
        return nil
    }
}
