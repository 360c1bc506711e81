public import WireFormat

/// How a receiver's call ended.
public enum ReceiveEnd: Hashable, Sendable {
    /// The sender said goodbye, and the last picture has been played.
    case bySender(GoodbyeFrame.Reason)
    /// This end ended it.
    case byReceiver(GoodbyeFrame.Reason)
    /// Nothing came from the sender any more.
    case silence
    /// More forged datagrams came than may.
    case forged
}

extension ReceiveEnd: CustomStringConvertible {
    public var description: String {
        switch self {
        case .bySender(let reason): "the sender said goodbye: \(reason)"
        case .byReceiver(let reason): "this end said goodbye: \(reason)"
        case .silence: "silence"
        case .forged: "too many forged datagrams"
        }
    }
}
