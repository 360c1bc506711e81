public import Media

/// A datagram as it came from the network.
public struct ReceivedDatagram: Hashable, Sendable {
    /// Its bytes, without IP and UDP headers.
    public let bytes: [UInt8]
    /// Who sent it, as far as its header tells.
    public let source: NetworkAddress
}
