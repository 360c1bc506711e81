/// A datagram that is neither encrypted nor authenticated: a header and the payload
/// (`Protocol/packets.md`, section 2).
public struct Datagram: Hashable, Sendable {
    /// The call it belongs to.
    public let call: CallIdentifier
    /// The low 16 bits of its packet number, which counts the datagrams of one direction from zero.
    public let packetNumber: UInt16
    /// What it carries, still unread.
    public let payload: [UInt8]

    /// The bytes in front of the payload.
    public static let headerSize = 8

    /// Makes a datagram.
    public init(call: CallIdentifier, packetNumber: UInt64, payload: [UInt8]) {
        self.call = call
        self.packetNumber = UInt16(truncatingIfNeeded: packetNumber)
        self.payload = payload
    }

    /// Reads a datagram from the network; `bytes` may be anything. The payload is not looked at.
    public init(parsing bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count <= WireConstants.largestDatagram else {
            throw .oversized(bytes: bytes.count)
        }
        var cursor = ByteCursor()
        let version = try cursor.byte(bytes)
        guard version == WireConstants.version else { throw .unsupportedVersion(version) }
        let kind = try cursor.byte(bytes)
        guard kind == WireConstants.plainKind else { throw .unknownKind(kind) }
        call = CallIdentifier(try cursor.uint32(bytes))
        packetNumber = try cursor.uint16(bytes)
        payload = try cursor.take(bytes.count - Self.headerSize, bytes)
    }

    /// The datagram's bytes.
    public var bytes: [UInt8] {
        var bytes = [WireConstants.version, WireConstants.plainKind]
        bytes.append(uint32: call.rawValue)
        bytes.append(uint16: packetNumber)
        return bytes + payload
    }
}
