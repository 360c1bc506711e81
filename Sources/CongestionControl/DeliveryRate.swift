import Media

/// How fast a link delivers, by the receiver's clock.
struct DeliveryRate: Sendable {
    private struct Arrival: Sendable {
        /// Milliseconds, on a clock of its own.
        let time: Double
        let bytes: Int
    }

    /// Long enough for eight datagrams of a slow call, and short enough to be news.
    private static let window = 1000.0

    private var arrivals: [Arrival] = []

    /// Takes in what has arrived up to a time, in milliseconds on any clock that goes forward.
    mutating func add(_ bytes: Int, at time: Double) {
        let time = max(time, arrivals.last?.time ?? time)
        arrivals.append(Arrival(time: time, bytes: bytes))
        // The one before the window tells where the window's first bytes began to come.
        while arrivals.count > 2, time - arrivals[1].time >= Self.window { arrivals.removeFirst() }
    }

    /// Bits a second over the last second or a little more; nothing before half of one is known.
    var rate: Bitrate? {
        guard let first = arrivals.first, let last = arrivals.last else { return nil }
        let time = last.time - first.time
        guard time >= Self.window / 2 else { return nil }
        let bytes = arrivals.dropFirst().reduce(0) { $0 + $1.bytes }
        return Bitrate(bitsPerSecond: Double(bytes) * 8000 / time)
    }

    /// The same over the shortest time that still means something: what a link delivers that has just become slower, or
    /// full.
    var latestRate: Bitrate? {
        guard rate != nil, let last = arrivals.last,
            let first = arrivals.last(where: { last.time - $0.time >= Self.window / 2 })
        else { return rate }
        let bytes = arrivals.filter { $0.time > first.time }.reduce(0) { $0 + $1.bytes }
        return Bitrate(bitsPerSecond: Double(bytes) * 8000 / (last.time - first.time))
    }
}
