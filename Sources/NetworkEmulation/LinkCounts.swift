/// What an emulated link has done so far, in datagrams.
public struct LinkCounts: Hashable, Sendable {
    /// Handed to the link.
    public var offered = 0
    /// Taken out at the far end, copies included.
    public var delivered = 0
    /// Lost on the way.
    public var lost = 0
    /// Dropped by a full queue.
    public var dropped = 0
    /// Sent twice.
    public var duplicated = 0
    /// Held back so that later ones overtook them.
    public var reordered = 0
    /// Hit by a flipped bit.
    public var corrupted = 0

    /// Nothing yet.
    public init() {}
}
