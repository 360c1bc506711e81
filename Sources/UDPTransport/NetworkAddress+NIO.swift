import Glibc
import Media
import NIOCore

let addressInUseCode = EADDRINUSE

/// The system's words for one of its error numbers.
func errorText(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

extension NetworkAddress {
    /// The address as the core names it; nothing for a socket that is not of the Internet.
    init?(_ address: SocketAddress) {
        guard let port = address.port.flatMap(UInt16.init(exactly:)) else { return nil }
        switch address {
        case .v4(let v4):
            // struct sockaddr_in (Linux): family, port, then four bytes of address.
            var raw = v4.address
            let bytes = unsafe withUnsafeBytes(of: &raw) { unsafe Array($0[4..<8]) }
            self.init(bytes: bytes, port: port)
        case .v6(let v6):
            // struct sockaddr_in6: family, port, flow label, then sixteen bytes of address.
            var raw = v6.address
            let bytes = unsafe withUnsafeBytes(of: &raw) { unsafe Array($0[8..<24]) }
            self.init(bytes: bytes, port: port)
        case .unixDomainSocket:
            return nil
        }
    }
}

extension SocketAddress {
    /// The address as NIO names it.
    init(_ address: NetworkAddress) throws {
        try self.init(
            packedIPAddress: ByteBuffer(bytes: address.bytes), port: Int(address.port))
    }
}
