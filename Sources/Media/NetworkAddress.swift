/// Where datagrams come from and go to: an IPv4 or IPv6 address and a UDP port.
public struct NetworkAddress: Hashable, Sendable {
    /// Four bytes for IPv4, sixteen for IPv6.
    public let bytes: [UInt8]
    /// The UDP port.
    public let port: UInt16

    /// Makes an address, or nothing where there are not four or sixteen bytes.
    public init?(bytes: [UInt8], port: UInt16) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
        self.port = port
    }

    /// What the headers below UDP's payload add to each datagram: 28 bytes on IPv4, 48 on IPv6.
    public var headers: DataSize { bytes.count == 4 ? .ipv4AndUDPHeaders : .ipv6AndUDPHeaders }
}
