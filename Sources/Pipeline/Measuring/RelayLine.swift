/// One line of a relay's trace: a datagram of the sender's.
public struct RelayLine: Codable, Hashable, Sendable {
    /// When it came to the relay, in seconds since 1970 by the machine's clock.
    public var clock: Double
    /// Its bytes on the wire, IP and UDP headers counted.
    public var bytes: Int
    /// Whether the link lost it, or its queue was full.
    public var isLost: Bool
}
