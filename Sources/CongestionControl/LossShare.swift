import Media

/// The share of packets that are lost, over the last few seconds.
struct LossShare: Sendable {
    /// Over so long, and so many packets at the least, a share means something.
    private static let window = Duration.seconds(4)
    private static let leastCount = 30

    private var reports: [(at: Instant, delivered: Int, lost: Int)] = []

    mutating func add(delivered: Int, lost: Int, at now: Instant) {
        reports.append((now, delivered, lost))
        var count = count
        while let first = reports.first, now.since(first.at) > Self.window {
            count -= first.delivered + first.lost
            guard count >= Self.leastCount else { break }
            reports.removeFirst()
        }
    }

    /// How many packets it is about.
    var count: Int { reports.reduce(0) { $0 + $1.delivered + $1.lost } }

    /// 0…1; nothing before there are packets enough.
    var share: Double? {
        let lost = reports.reduce(0) { $0 + $1.lost }
        let count = count
        return count >= Self.leastCount ? Double(lost) / Double(count) : nil
    }

    /// The same as soon as there is any telling: where two of eight packets or more are lost, that is no chance of a good
    /// link. 0 before.
    var early: Double {
        let lost = reports.reduce(0) { $0 + $1.lost }
        return lost >= 2 && count >= 8 ? Double(lost) / Double(count) : 0
    }

    /// Starts to count anew.
    mutating func restart() { reports = [] }
}
