import WireFormat

/// Why this end ends a call.
public enum EndReason: Hashable, Sendable {
    /// The media are over, or the user said so.
    case finished
    /// Something failed that the user is told about.
    case failed

    var onTheWire: GoodbyeFrame.Reason { self == .finished ? .finished : .failed }
}
