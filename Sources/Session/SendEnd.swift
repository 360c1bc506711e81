public import WireFormat

/// How a sender's call ended.
public enum SendEnd: Hashable, Sendable {
    /// This end said goodbye.
    case finished(GoodbyeFrame.Reason)
    /// The receiver said goodbye.
    case byReceiver(GoodbyeFrame.Reason)
    /// The receiver never answered.
    case noAnswer
    /// The receiver answered once, then fell silent.
    case silence
    /// All packet numbers are used up (after some four years).
    case exhausted
}
