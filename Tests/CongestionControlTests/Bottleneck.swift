import CongestionControl
import Media
import NetworkEmulation

/// Some flows over one link, on a virtual clock.
struct Bottleneck {
    var flows: [Flow]
    var there: EmulatedLink
    var back: EmulatedLink
    var now = Instant.zero
    /// What arrived, by flow: when, and how much, headers counted.
    var arrivals: [(at: Instant, flow: Int, bytes: Int)] = []
    /// Others' datagrams that pass the link: when the next one is due, and its size.
    var cross: ((Instant) -> (next: Instant, bytes: Int)?)?
    private var nextCross = Instant.zero
    /// Acknowledgements that have arrived and wait.
    private var late: [(Instant, [UInt8])] = []

    init(_ flows: [Flow], _ conditions: LinkConditions, back: LinkConditions? = nil, seed: UInt64) {
        self.flows = flows
        there = EmulatedLink(conditions, seed: seed)
        var quiet = LinkConditions()
        quiet.delay = conditions.delay
        self.back = EmulatedLink(back ?? quiet, seed: seed &+ 1)
    }

    mutating func run(for duration: Duration) {
        let end = now.advanced(by: duration)
        while now < end {
            step()
            var wakes = flows.map(\.wake)
            wakes += [there.nextArrival, back.nextArrival].compactMap(\.self)
            if cross != nil { wakes.append(nextCross) }
            wakes += late.map(\.0)
            now = min(end, max(wakes.min() ?? end, now.advanced(by: .microseconds(100))))
        }
    }

    private mutating func step() {
        while let bytes = there.receive(at: now) {
            let flow = Int(bytes[0])
            arrivals.append((now, flow, bytes.count + 28))
            guard flow < flows.count else { continue }
            flows[flow].arrive(
                Int(bytes[1]) << 16 | Int(bytes[2]) << 8 | Int(bytes[3]), at: now)
        }
        while let bytes = back.receive(at: now) {
            late.append((now.advanced(by: flows[Int(bytes[0])].hearsLate), bytes))
        }
        for (due, bytes) in late where due <= now {
            let then = bytes[1..<9].reduce(Int64(0)) { $0 << 8 | Int64($1) }
            flows[Int(bytes[0])].hear(of: Instant(nanoseconds: then), at: now)
        }
        late.removeAll { $0.0 <= now }
        if let cross, nextCross <= now {
            if let (next, bytes) = cross(now) {
                there.send([255] + [UInt8](repeating: 0, count: bytes - 29), at: now)
                nextCross = next
            } else {
                self.cross = nil
            }
        }
        for index in flows.indices {
            if let bytes = flows[index].send(at: now, index: UInt8(index)) {
                there.send(bytes, at: now)
            }
            if flows[index].acknowledges(at: now) {
                let then = (0..<8).map {
                    UInt8(truncatingIfNeeded: now.nanoseconds >> (56 - 8 * $0))
                }
                back.send([UInt8(index)] + then + [UInt8](repeating: 0, count: 20), at: now)
            }
        }
    }

    /// What a flow got through between two instants.
    func delivered(_ flow: Int, from begin: Int, to end: Int) -> Bitrate {
        let bytes = arrivals.filter {
            $0.flow == flow && $0.at.nanoseconds >= Int64(begin) * 1_000_000_000
                && $0.at.nanoseconds < Int64(end) * 1_000_000_000
        }.reduce(0) { $0 + $1.bytes }
        return Bitrate(DataSize(bytes: bytes), over: .seconds(end - begin))
    }

    /// So many of a hundred packets took no longer than this on their way, between two instants.
    func delay(_ flow: Int, percentile: Int, from begin: Int, to end: Int) -> Duration {
        let delays = flows[flow].delays.filter {
            $0.at.nanoseconds >= Int64(begin) * 1_000_000_000
                && $0.at.nanoseconds < Int64(end) * 1_000_000_000
        }.map(\.delay).sorted()
        guard !delays.isEmpty else { return .zero }
        return delays[min(delays.count - 1, delays.count * percentile / 100)]
    }
}
