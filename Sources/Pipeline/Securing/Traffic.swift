package import Media
import Security
import WireFormat

/// What went over the wire in one direction, all headers, seals and handshakes counted.
package struct Traffic: Hashable, Sendable {
    /// Everything.
    package let size: DataSize
    /// What of it is not frames.
    package let headers: DataSize
    /// How many datagrams it was.
    package let datagrams: Int

    /// Adds up.
    ///
    /// - Parameters:
    ///   - plain: the session's datagrams with the header of plain ones.
    ///   - handshakes: the datagrams of the handshake, of `handshakeSize` together.
    ///   - headers: what IP and UDP add to each datagram.
    init(
        _ plain: DataSize, _ datagrams: Int, _ handshakeSize: DataSize, _ handshakes: Int,
        isSealed: Bool, _ headers: DataSize
    ) {
        let own = isSealed ? SecurityConstants.overhead : Datagram.headerSize
        let beside = handshakeSize.bytes + headers.bytes * handshakes
        let frames = plain.bytes - Datagram.headerSize * datagrams
        self.headers = DataSize(bytes: (own + headers.bytes) * datagrams + beside)
        size = DataSize(bytes: frames + self.headers.bytes)
        self.datagrams = datagrams + handshakes
    }
}
