public import Media

/// What a handshake in front of the call asks of the session.
extension ReceiveSession {
    /// Takes in that so much went out beside the session's own datagrams, headers counted: the promise
    /// is kept with it.
    public mutating func countBeside(_ size: DataSize, at now: Instant) {
        promise.record(size.bytes, at: now)
    }

    /// Whether the promise has room for so much beside the session's own datagrams, headers counted.
    ///
    /// - Parameter share: the part of the promise that all of it may take, what the session itself said included.
    public mutating func hasRoomBeside(
        _ size: DataSize, within share: Double = 1, at now: Instant
    ) -> Bool {
        let used = promise.budget - promise.room(at: now)
        return Double(used + size.bytes) <= share * Double(promise.budget)
    }
}
