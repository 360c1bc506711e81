/// The timers of the handshake, each with its reason.
public struct SecurityTiming: Hashable, Sendable {
    /// The first wait for an answer; it doubles with each repetition.
    public var questionInterval = Duration.milliseconds(250)
    /// The longest such wait: 114 bytes in it are below 0.5 kbit/s.
    public var largestQuestionInterval = Duration.seconds(2)
    /// The initiator gives up when nobody has answered for so long.
    public var connectTimeout = Duration.seconds(10)
    /// Without an authentic datagram for so long the initiator asks anew: the responder may have been
    /// started anew and have lost its keys. Longer than an outage of two seconds, which costs nothing.
    public var renewAfterSilence = Duration.seconds(3)
    /// A responder that has heard from its peer within so long refuses others: as long as the call outlives
    /// silence (`SessionTiming`). Were it less, an outage in between would give the peer new keys in the midst of its
    /// call, and the session behind them would take it for somebody else.
    public var busyTime = Duration.seconds(30)
    /// An answer waits for its first sealed datagram at least so long before another may take its place.
    public var answerKept = Duration.seconds(2)
    /// An answer that nobody made use of is forgotten after so long.
    public var answerTimeout = Duration.seconds(10)

    /// The defaults.
    public init() {}
}
