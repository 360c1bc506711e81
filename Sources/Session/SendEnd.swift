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
    /// More forged datagrams came than may.
    case forged
}

extension SendEnd: CustomStringConvertible {
    public var description: String {
        switch self {
        case .finished(let reason): "this end said goodbye: \(reason)"
        case .byReceiver(let reason): "the receiver said goodbye: \(reason)"
        case .noAnswer: "no answer"
        case .silence: "silence"
        case .exhausted: "packet numbers used up"
        case .forged: "too many forged datagrams"
        }
    }
}
