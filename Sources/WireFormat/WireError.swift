/// Why bytes from the network are not a datagram of this protocol.
public enum WireError: Error, Hashable, Sendable {
    /// The bytes end inside a field.
    case truncated
    /// The second byte names a kind of datagram that this build does not take here.
    case unknownKind(UInt8)
    /// The first byte names a version that this build does not speak.
    case unsupportedVersion(UInt8)
    /// A frame has a type that the specification does not define.
    case unknownFrameType(UInt64)
    /// A field holds a value outside of what the specification allows.
    case valueOutOfRange(field: WireField, value: UInt64)
    /// The datagram is longer than ``WireConstants/largestDatagram``.
    case oversized(bytes: Int)
    /// The datagram holds no frame.
    case empty
    /// Sound that begins where the frame before it says, without such a frame.
    case misplacedFrame
}

/// A field that can be out of range, as `Protocol/packets.md` names it.
public enum WireField: String, Hashable, Sendable {
    case pictureWidth, pictureHeight, pictureRate, keypointCount, promisedRate, isKnown
    case nextPicture
    case sourceIdentifier, sourceLength, sourceOffset, dataLength, setSize, setMember
    case referenceDistance, keypointLength, goodbyeReason, lastPicture, frameCount
    case ackDelay, ackRangeCount, ackRange, heldRangeCount, heldRange
    case receivedDatagrams, lostPictures, lostVoice, soundCodec, voiceLength, voicePacket
    case heldPictures, pictureDistance, pictureOffset, pictureLength, anchorCount
}
