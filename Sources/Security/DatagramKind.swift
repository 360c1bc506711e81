/// What a datagram is, as its first byte says: two bits of kind, the packet number's bit 16, five bits of version.
public enum DatagramKind: Hashable, Sendable {
    /// A datagram that nothing protects; only between ends that were told so.
    case plain
    /// The initiator's handshake message.
    case question
    /// The responder's.
    case answer
    /// Frames under a connection's keys.
    case sealed

    /// The kind of a datagram of this version; nothing where it is of another one or malformed.
    public init?(of bytes: Span<UInt8>) {
        guard bytes.count > 0, bytes[0] & 0x1F == SecurityConstants.version else { return nil }
        switch bytes[0] >> 5 {
        case 0: self = .plain
        case 2: self = .question
        case 4: self = .answer
        case 6, 7: self = .sealed
        default: return nil
        }
    }

    /// The first byte of a handshake datagram.
    var firstByte: UInt8 { SecurityConstants.version | bits << 6 }

    private var bits: UInt8 {
        switch self {
        case .plain: 0
        case .question: 1
        case .answer: 2
        case .sealed: 3
        }
    }
}
