public import Media

/// What was inside of a sealed datagram: authentic, and never seen before.
public struct OpenedDatagram: Hashable, Sendable {
    /// The number that the peer gave it.
    public let packetNumber: UInt64
    /// The frames.
    public let payload: [UInt8]
    /// Where it came from.
    public let address: NetworkAddress
}
