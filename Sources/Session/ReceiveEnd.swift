public import WireFormat

/// How a receiver's call ended.
public enum ReceiveEnd: Hashable, Sendable {
    /// The sender said goodbye, and the last picture has been played.
    case bySender(GoodbyeFrame.Reason)
    /// This end ended it.
    case byReceiver(GoodbyeFrame.Reason)
    /// Nothing came from the sender any more.
    case silence
}
