/// A number of bytes.
public struct DataSize: Hashable, Comparable, Sendable {
    /// The bytes.
    public var bytes: Int

    /// No bytes.
    public static let zero = DataSize(bytes: 0)

    /// What IPv4 and UDP add to each datagram: 20 + 8 bytes (RFC 791, RFC 768).
    public static let ipv4AndUDPHeaders = DataSize(bytes: 28)

    /// What IPv6 and UDP add to each datagram: 40 + 8 bytes (RFC 8200, RFC 768).
    public static let ipv6AndUDPHeaders = DataSize(bytes: 48)

    /// Makes a size of so many bytes.
    public init(bytes: Int) { self.bytes = bytes }

    public static func < (a: DataSize, b: DataSize) -> Bool { a.bytes < b.bytes }
    public static func + (a: DataSize, b: DataSize) -> DataSize {
        DataSize(bytes: a.bytes + b.bytes)
    }
    public static func += (a: inout DataSize, b: DataSize) { a.bytes += b.bytes }
}
