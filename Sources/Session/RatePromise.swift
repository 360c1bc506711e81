public import Media

/// Keeps a promise: over any two seconds no more bytes go out than the rate allows, headers counted.
///
/// Exact: it remembers each datagram of the last two seconds. Both ends of the two seconds count, so
/// that no choice of window finds more.
public struct RatePromise: Sendable {
    /// How long the windows are that the promise is about.
    public static let window = Duration.seconds(2)

    /// The bytes that any window may hold.
    public let budget: Int
    private var sends: [(at: Instant, bytes: Int)] = []
    private var first = 0
    private var total = 0

    /// Promises a rate.
    public init(_ rate: Bitrate) { budget = rate.size(over: Self.window).bytes }

    /// The same history under another promise.
    func changed(to rate: Bitrate) -> RatePromise {
        var other = RatePromise(rate)
        other.sends = sends
        other.first = first
        other.total = total
        return other
    }

    /// The bytes that may be sent at `now`, headers counted.
    public mutating func room(at now: Instant) -> Int {
        while first < sends.count, now.since(sends[first].at) > Self.window {
            total -= sends[first].bytes
            first += 1
        }
        if first > 64, first * 2 > sends.count {
            sends.removeFirst(first)
            first = 0
        }
        return budget - total
    }

    /// When there will be more room than at `now`; nothing where all of it is there.
    public mutating func nextRoom(at now: Instant) -> Instant? {
        _ = room(at: now)
        guard first < sends.count else { return nil }
        return sends[first].at.advanced(by: Self.window + .nanoseconds(1))
    }

    /// Takes in that a datagram went out.
    public mutating func record(_ bytes: Int, at now: Instant) {
        // A clock that steps back must not make old datagrams older than they are.
        let time = sends.last.map { max($0.at, now) } ?? now
        sends.append((time, bytes))
        total += bytes
    }
}
