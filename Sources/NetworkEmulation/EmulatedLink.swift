public import Media

/// One direction of a bad network, seeded and without a clock: delay, jitter, burst loss, a rate cap
/// with a queue, reordering, duplication and corruption.
///
/// Push datagrams in with ``send(_:at:)``, take them out with ``receive(at:)`` once
/// ``nextArrival`` has come. The same seed and calls give the same arrivals.
public struct EmulatedLink: Sendable {
    /// What the link does; a change holds for what is sent from then on.
    public var conditions: LinkConditions
    /// What has happened so far.
    public private(set) var counts = LinkCounts()

    private struct Flight: Sendable {
        let arrival: Instant
        let order: UInt64
        let bytes: [UInt8]
    }

    private var random: SplitMix64
    private var flights: [Flight] = []
    private var order: UInt64 = 0
    private var isInBurst = false
    private var senderFree = Instant.zero
    private var lastArrival = Instant.zero

    /// Makes a link; equal seeds give equal fates.
    public init(_ conditions: LinkConditions, seed: UInt64) {
        self.conditions = conditions
        random = SplitMix64(seed: seed)
    }

    /// When the next datagram comes out, if any is under way.
    public var nextArrival: Instant? { flights.first?.arrival }

    /// Hands a datagram to the link.
    public mutating func send(_ bytes: [UInt8], at now: Instant) {
        counts.offered += 1
        guard !isLost() else {
            counts.lost += 1
            return
        }
        guard let departure = enqueue(bytes.count, at: now) else {
            counts.dropped += 1
            return
        }
        fly(bytes, departure)
        if random.unit() < conditions.duplication {
            counts.duplicated += 1
            fly(bytes, departure)
        }
    }

    /// Takes out the next datagram that has arrived by `now`.
    public mutating func receive(at now: Instant) -> [UInt8]? {
        guard let first = flights.first, first.arrival <= now else { return nil }
        flights.removeFirst()
        counts.delivered += 1
        return first.bytes
    }

    /// Two states, a good and a bad one, each with its loss (Gilbert 1960, Elliott 1963).
    private mutating func isLost() -> Bool {
        let loss = conditions.loss
        let change = isInBurst ? loss.burstEnd : loss.burstStart
        if random.unit() < change { isInBurst.toggle() }
        return random.unit() < (isInBurst ? loss.inBurst : loss.outside)
    }

    /// When the last bit has left, behind what still queues; nothing where the queue is full.
    private mutating func enqueue(_ count: Int, at now: Instant) -> Instant? {
        guard let rate = conditions.rate, rate.bitsPerSecond > 0 else { return now }
        let backlog = max(senderFree, now).since(now).seconds * rate.bitsPerSecond / 8
        guard Int(backlog) <= conditions.queue.bytes else { return nil }
        let bits = Double((count + DataSize.ipv4AndUDPHeaders.bytes) * 8)
        senderFree = max(senderFree, now).advanced(by: .seconds(bits / rate.bitsPerSecond))
        return senderFree
    }

    private mutating func fly(_ bytes: [UInt8], _ departure: Instant) {
        var bytes = bytes
        if !bytes.isEmpty, random.unit() < conditions.corruption {
            counts.corrupted += 1
            let place = Int(random.next() % UInt64(bytes.count))
            bytes[place] ^= 1 << UInt8(random.next() % 8)
        }
        var arrival = departure.advanced(by: conditions.delay)
            .advanced(by: .seconds(conditions.jitter.seconds * random.unit()))
        if random.unit() < conditions.reordering {
            counts.reordered += 1
            arrival = arrival.advanced(by: conditions.reorderingDelay)
        } else {
            // Jitter alone keeps the order, as a queue does.
            arrival = max(arrival, lastArrival)
            lastArrival = arrival
        }
        order += 1
        let flight = Flight(arrival: arrival, order: order, bytes: bytes)
        let index = flights.firstIndex { $0.arrival > arrival } ?? flights.endIndex
        flights.insert(flight, at: index)
    }
}
