import Media

/// The machine's monotonic clock, counted from its making: the only clock of a call.
struct SystemClock: Sendable {
    private let clock = ContinuousClock()
    private let origin: ContinuousClock.Instant

    init() { origin = clock.now }

    /// Now.
    var now: Instant { Instant.zero.advanced(by: clock.now - origin) }

    /// Waits until an instant, or until the task is cancelled.
    func sleep(until instant: Instant) async throws {
        let deadline = origin.advanced(by: instant.since(.zero))
        try await clock.sleep(until: deadline, tolerance: .milliseconds(1))
    }

    /// How long `work` takes, and what it gives.
    func measure<T, E: Error>(_ work: () throws(E) -> T) throws(E) -> (T, Duration) {
        let start = clock.now
        let result = try work()
        return (result, clock.now - start)
    }
}
