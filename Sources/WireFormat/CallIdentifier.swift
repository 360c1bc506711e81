/// Tells the datagrams of one call from those of another; the sender draws it at random.
public struct CallIdentifier: Hashable, Sendable {
    /// The 32 bits, as on the wire.
    public let rawValue: UInt32

    /// Names the call with these bits.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}
