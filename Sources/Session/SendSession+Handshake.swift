public import Media

/// What a handshake in front of the call asks of the session.
extension SendSession {
    /// Starts the clock of a call that could not speak until now; to call before the first poll.
    public mutating func begin(at now: Instant) {
        guard case .connecting = state else { return }
        state = .connecting(since: now)
        latestHeard = now
        nextHello = now
        latestSent = now
    }

    /// When the promise has room for so much beside the session's own datagrams, headers counted, at the earliest:
    /// `now` where it has, or never will.
    public mutating func whenRoomBeside(_ size: DataSize, at now: Instant) -> Instant {
        guard size.bytes > promise.room(at: now) else { return now }
        return promise.nextRoom(at: now) ?? now
    }

    /// Takes in that so much went out beside the session's own datagrams, headers counted: the promise
    /// is kept with it.
    public mutating func countBeside(_ size: DataSize, at now: Instant) {
        promise.record(size.bytes, at: now)
        pacer.record(size.bytes, at: now)
    }
}
