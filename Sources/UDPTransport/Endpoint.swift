/// A host name or address and a UDP port, as a user writes them: `192.0.2.7:4000`, `[2001:db8::1]:4000`, `example.org:4000`.
public struct Endpoint: Hashable, Sendable {
    /// A host name or a literal address, without brackets.
    public let host: String
    /// The UDP port.
    public let port: UInt16

    /// Makes an endpoint.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`; nothing where there is no host, or no port of 0…65535.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            // An IPv6 address without brackets: where it ends and the port begins is anybody's guess.
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }
}

extension Endpoint: CustomStringConvertible {
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
