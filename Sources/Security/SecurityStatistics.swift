public import Media

/// Counters of one end's channel since its start. Nothing in them depends on a key.
public struct SecurityStatistics: Hashable, Sendable {
    /// Datagrams that were opened.
    public var opened = 0
    /// Datagrams that nothing protects; they were ignored.
    public var unprotected = 0
    /// Datagrams of another version, of an unknown kind, too short, too long, or not for this role.
    public var malformed = 0
    /// Sealed datagrams whose tag is not one of the connection's.
    public var forged = 0
    /// Sealed datagrams that were opened before or are too old to tell.
    public var replayed = 0
    /// Questions and answers that nobody with the key has made.
    public var forgedHandshakes = 0
    /// Questions and answers that came again.
    public var repeatedHandshakes = 0
    /// Questions for which there was no room.
    public var droppedQuestions = 0
    /// Authentic questions that were refused.
    public var refusals = 0
    /// How often the peer has changed its address.
    public var addressChanges = 0
    /// Handshake datagrams that were sent.
    public var sentHandshakes = 0
    /// The size of these, without the headers below.
    public var sent = DataSize.zero
    /// Authentic handshake datagrams that were received.
    public var receivedHandshakes = 0
    /// The size of these.
    public var received = DataSize.zero

    /// Everything that was ignored.
    public var ignored: Int {
        unprotected + malformed + forged + replayed + forgedHandshakes + droppedQuestions
    }

    /// All zero.
    public init() {}
}
