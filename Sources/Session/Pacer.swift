import Media

/// Spreads datagrams so that they would pass a link of just the promised rate without queueing behind
/// more than one of their kind.
struct Pacer: Sendable {
    /// The most bytes of a datagram that is filled up, IP and UDP headers counted.
    let datagramSize: Int
    private let rate: Bitrate
    /// When such a link would have sent everything.
    private(set) var free = Instant(nanoseconds: .min / 2)

    /// How much may be given to the link ahead of time, in datagrams: one, and what one may be larger
    /// than usual.
    static let burst = 1.25

    /// Datagrams of equal size, one each `interval`, and a burst, make the promise full.
    ///
    /// In two seconds, both ends counted, a link that is never idle is given the rate's bytes and a
    /// burst: so that this is no more than promised, the datagrams are that much smaller.
    init(promise rate: Bitrate, interval: Duration) {
        let budget = Double(rate.size(over: RatePromise.window).bytes)
        let size = budget / (RatePromise.window.seconds / interval.seconds + Self.burst)
        datagramSize = Int(min(size, Double(1 << 20)))
        self.rate = Bitrate(bitsPerSecond: Double(datagramSize) * 8 / interval.seconds)
    }

    /// Datagrams of equal size, one each `interval`, make the target full: it is no promise, so that
    /// bursts need no room.
    init(target rate: Bitrate, interval: Duration) {
        datagramSize = min(rate.size(over: interval).bytes, 1 << 20)
        self.rate = rate
    }

    /// The same history at another rate, the promised one at most, or another interval.
    func changed(to rate: Bitrate, promise: Bitrate, interval: Duration) -> Pacer {
        var other = Pacer(promise: promise, interval: interval)
        let target = Pacer(target: rate, interval: interval)
        if target.datagramSize < other.datagramSize { other = target }
        other.free = free
        return other
    }

    /// The bytes, headers counted, that a datagram may have at `now` so that the link is free again
    /// after `interval`.
    func room(at now: Instant, interval: Duration) -> Int {
        rate.size(over: now.advanced(by: interval).since(max(free, now))).bytes
    }

    /// Takes in that a datagram went out.
    mutating func record(_ bytes: Int, at now: Instant) {
        free = max(free, now).advanced(by: rate.duration(of: DataSize(bytes: bytes)))
    }
}
