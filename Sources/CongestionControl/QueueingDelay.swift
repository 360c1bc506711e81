import Media

/// How long packets wait in queues: what they take beyond the least that they took within a minute.
///
/// The clocks of both ends are unrelated, so that only differences count. Where they drift apart by 200
/// parts in a million, the least time of a minute ago is wrong by 12 ms at most.
struct QueueingDelay: Sendable {
    /// Milliseconds on the way, by two unrelated clocks.
    private struct Sample: Sendable {
        let way: Double
        let size: Int
        let sent: Instant
    }

    /// The least time is that of so many spans.
    private static let spanCount = 6
    private static let span = Duration.seconds(10)
    /// The least of so many packets, and of what came within so long, is what stands in queues: jitter alone
    /// comes and goes.
    private static let leastCount = 2
    private static let window = Duration.milliseconds(300)
    private static let longestWindow = Duration.milliseconds(600)

    private var spans: [(begin: Instant, least: Sample)] = []
    private var recent: [Sample] = []
    private var latestWay: Double?
    /// By how much the way differs from packet to packet: a mean that forgets, in milliseconds.
    private(set) var jitter = 0.0
    private static let largestJitter = 100.0

    /// Takes in a packet.
    ///
    /// - Returns: its time on the way relative to all others, in milliseconds.
    @discardableResult
    mutating func add(_ newest: DeliveryReport.Newest) -> Double {
        let sent = Double(newest.sent.nanoseconds) / 1e6
        // The arrival holds the low 16 bits; the way changes by less than half of that.
        var way = Double(newest.arrival) - sent
        let near = latestWay ?? 0
        way += ((near - way) / 65536).rounded() * 65536
        latestWay = way
        let sample = Sample(way: way, size: newest.size.bytes, sent: newest.sent)
        if let last = recent.last {
            jitter += (min(abs(way - last.way), Self.largestJitter) - jitter) / 16
        }
        recent.append(sample)
        while let first = recent.first,
            newest.sent.since(first.sent) > Self.longestWindow
                || (newest.sent.since(first.sent) > Self.window && recent.count > Self.leastCount)
        {
            recent.removeFirst()
        }
        if let last = spans.last, newest.sent.since(last.begin) < Self.span {
            if way < last.least.way { spans[spans.count - 1].least = sample }
        } else {
            spans.append((newest.sent, sample))
            if spans.count > Self.spanCount { spans.removeFirst() }
        }
        return way
    }

    /// Milliseconds that the latest packets have all waited; the last two alone where that is long.
    ///
    /// A packet that is larger than the quickest one takes longer to be sent: at `rate` at the most, which
    /// a link has that carries it.
    ///
    /// - Parameter long: what jitter never reaches twice.
    func standing(at rate: Bitrate, long: Double) -> Double {
        guard let base = spans.map(\.least).min(by: { $0.way < $1.way }) else { return 0 }
        let waits = recent.map { sample in
            let longer = rate.duration(of: DataSize(bytes: max(0, sample.size - base.size)))
            return max(0, sample.way - base.way - longer.milliseconds)
        }
        let least = waits.min() ?? 0
        guard waits.count > 1, let last = waits.suffix(2).min(), last > long else { return least }
        return last
    }

    /// The path has become another one: the least time is that of the latest packets.
    mutating func restart() {
        guard let least = recent.min(by: { $0.way < $1.way }) else { return }
        spans = [(least.sent, least)]
    }

    /// Forgets the latest packets, which waited for another reason.
    mutating func forgetLatest() { recent = [] }
}
