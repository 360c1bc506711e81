public import Media

/// What a channel wants done next.
public enum ChannelOutput: Hashable, Sendable {
    /// Send this datagram, of the handshake.
    case transmit([UInt8], to: NetworkAddress)
    /// Something happened.
    case event(ChannelEvent)
    /// Nothing more until then; nothing at all until the next call where there is no instant.
    case wait(until: Instant?)
}

/// What the application learns from a channel.
public enum ChannelEvent: Hashable, Sendable {
    /// There is a connection, with new keys, to a peer that knows the key; packet numbers start anew.
    ///
    /// A second time on the initiator's side: the responder had lost its keys, so it is a new one.
    case established(HandshakeTerms, with: NetworkAddress)
    /// A peer that knows the key was refused; nothing else has changed.
    case refused(HandshakeRefusal, NetworkAddress)
    /// There is no connection, and will be none.
    case failed(HandshakeFailure)
}
