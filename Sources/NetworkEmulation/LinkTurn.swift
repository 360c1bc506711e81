public import Media

/// Something that happens to a link while it is in use.
public struct LinkTurn: Hashable, Sendable {
    /// What happens.
    public enum Change: Hashable, Sendable {
        /// What is sent from now on meets these conditions, there and back.
        case conditions(LinkConditions, back: LinkConditions)
        /// The sender has another address from now on.
        case address(NetworkAddress)
    }

    /// When, from the beginning on.
    public let after: Duration
    /// What happens.
    public let change: Change

    /// Makes a turn.
    public init(after: Duration, _ change: Change) {
        self.after = after
        self.change = change
    }
}
