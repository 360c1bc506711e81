import Foundation
import Media

/// The machine's monotonic clock, counted from its making: the only clock of a call.
struct SystemClock: Sendable {
    private let clock = ContinuousClock()
    private let origin: ContinuousClock.Instant
    /// When it was made, in seconds since 1970.
    private let originSince1970: Double

    init() {
        origin = clock.now
        originSince1970 = Date().timeIntervalSince1970
    }

    /// Now.
    var now: Instant { Instant.zero.advanced(by: clock.now - origin) }

    /// An instant by the system's clock as it stood when this one was made: what processes can compare.
    func secondsSince1970(at instant: Instant) -> Double {
        originSince1970 + instant.since(.zero).seconds
    }

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
