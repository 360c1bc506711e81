import Media

/// A small model of TCP with the congestion control of RFC 5681: slow start, one packet more each round trip, half after
/// a loss that three repeated acknowledgements tell, and from the start after a second of nothing.
struct BulkTransfer {
    /// Of one packet on the wire, headers counted.
    static let packetSize = 1000

    private let begin: Instant
    private let packetCount: Int
    private var window = 2.0
    private var threshold = 64.0
    private var next = 0
    private var acknowledged = 0
    private var repetitions = 0
    /// Until so much is acknowledged, the window is not made smaller again.
    private var recovery = 0
    private var latestProgress: Instant
    private var mustRepeat = false
    // The far end.
    private var expected = 0
    private var early: Set<Int> = []

    private static let timeout = Duration.seconds(1)

    /// Sends so many packets from `begin` on.
    init(packets: Int = .max, at begin: Instant) {
        packetCount = packets
        self.begin = begin
        latestProgress = begin
    }

    /// The packets that have arrived in order.
    var delivered: Int { expected }

    /// The number of the next packet, where one may go.
    mutating func send(at now: Instant) -> Int? {
        guard begin <= now, acknowledged < packetCount else { return nil }
        if next == acknowledged { latestProgress = now }
        if now.since(latestProgress) >= Self.timeout {
            threshold = max(2, window / 2)
            window = 1
            (next, recovery, repetitions, mustRepeat) = (acknowledged, acknowledged, 0, false)
            latestProgress = now
        }
        if mustRepeat {
            mustRepeat = false
            return acknowledged
        }
        guard next - acknowledged < Int(window), next < packetCount else { return nil }
        defer { next += 1 }
        return next
    }

    /// The far end gets a packet and says what it waits for.
    mutating func arrive(_ number: Int) -> Int {
        if number >= expected { early.insert(number) }
        while early.remove(expected) != nil { expected += 1 }
        return expected
    }

    /// The near end hears what the far one waits for.
    mutating func hear(_ awaited: Int, at now: Instant) {
        if awaited > acknowledged {
            let count = Double(awaited - acknowledged)
            window += window < threshold ? count : count / window
            acknowledged = awaited
            next = max(next, awaited)
            repetitions = 0
            latestProgress = now
            // What was lost in the same window as well.
            mustRepeat = acknowledged < recovery
        } else {
            repetitions += 1
            guard repetitions == 3, acknowledged >= recovery else { return }
            threshold = max(2, window / 2)
            window = threshold
            recovery = next
            mustRepeat = true
        }
    }

    /// When it has to be looked at without an acknowledgement.
    func wake(after now: Instant) -> Instant? {
        guard acknowledged < packetCount else { return nil }
        return begin > now ? begin : max(latestProgress, now).advanced(by: Self.timeout)
    }
}
