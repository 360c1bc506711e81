import Media
import NetworkEmulation
import Testing

@Suite struct EmulatedLinkTests {
    /// Sends datagrams 10 ms apart and returns what arrived, and when.
    func pass(
        _ count: Int, _ conditions: LinkConditions, seed: UInt64 = 1
    ) -> (arrivals: [(Instant, [UInt8])], counts: LinkCounts) {
        var link = EmulatedLink(conditions, seed: seed)
        var arrivals: [(Instant, [UInt8])] = []
        for index in 0..<count {
            let bytes = [UInt8(truncatingIfNeeded: index), UInt8(truncatingIfNeeded: index >> 8)]
            link.send(bytes, at: Instant.zero.advanced(by: .milliseconds(10 * index)))
        }
        while let next = link.nextArrival {
            while let bytes = link.receive(at: next) { arrivals.append((next, bytes)) }
        }
        return (arrivals, link.counts)
    }

    @Test func aPerfectLinkDeliversEverythingAtOnce() {
        let (arrivals, counts) = pass(100, LinkConditions())
        #expect(counts.delivered == 100)
        for (index, arrival) in arrivals.enumerated() {
            #expect(arrival.0 == Instant.zero.advanced(by: .milliseconds(10 * index)))
            #expect(arrival.1[0] == UInt8(index))
        }
    }

    @Test func randomLossIsAsOftenAsAskedFor() {
        var conditions = LinkConditions()
        conditions.loss = .init(random: 0.05)
        let (_, counts) = pass(20_000, conditions)
        #expect((800...1200).contains(counts.lost))
        #expect(counts.delivered + counts.lost == 20_000)
    }

    @Test func burstsCluster() {
        var conditions = LinkConditions()
        conditions.loss.burstStart = 0.01
        conditions.loss.burstEnd = 0.25
        let (arrivals, counts) = pass(20_000, conditions)
        // The stationary share of the bad state is 0.01 / (0.01 + 0.25).
        #expect((500...1050).contains(counts.lost))
        let gaps = zip(arrivals.dropFirst(), arrivals).filter {
            $0.0.since($1.0) > .milliseconds(15)
        }
        #expect(Double(counts.lost) / Double(gaps.count) > 2.5)
    }

    @Test func aRateCapSpacesDatagramsOut() {
        var conditions = LinkConditions()
        conditions.rate = Bitrate(bitsPerSecond: 12_000)
        conditions.queue = DataSize(bytes: 100)
        let (arrivals, counts) = pass(1000, conditions)
        #expect(counts.dropped > 0)
        // 30 bytes with headers take 20 ms.
        for (a, b) in zip(arrivals.dropFirst(), arrivals) {
            #expect(a.0.since(b.0) >= .microseconds(19_999))
        }
    }

    @Test func reorderingOvertakesAndJitterDoesNot() {
        var conditions = LinkConditions()
        conditions.jitter = .milliseconds(50)
        let jittered = pass(1000, conditions).arrivals.map { Int($0.1[0]) | Int($0.1[1]) << 8 }
        #expect(jittered == jittered.sorted())
        conditions.reordering = 0.1
        let (arrivals, counts) = pass(1000, conditions)
        let order = arrivals.map { Int($0.1[0]) | Int($0.1[1]) << 8 }
        #expect(order != order.sorted())
        #expect(order.sorted() == Array(0..<1000))
        #expect((60...140).contains(counts.reordered))
    }

    @Test func copiesAndFlippedBits() {
        var conditions = LinkConditions()
        conditions.duplication = 0.1
        conditions.corruption = 0.1
        let (arrivals, counts) = pass(1000, conditions)
        #expect(arrivals.count == 1000 + counts.duplicated)
        #expect((60...140).contains(counts.duplicated))
        #expect((60...150).contains(counts.corrupted))
    }

    @Test func equalSeedsGiveEqualFates() {
        var conditions = LinkConditions()
        conditions.loss = .init(random: 0.2)
        conditions.jitter = .milliseconds(30)
        conditions.reordering = 0.1
        let first = pass(500, conditions, seed: 9)
        let second = pass(500, conditions, seed: 9)
        #expect(first.arrivals.map(\.1) == second.arrivals.map(\.1))
        #expect(first.arrivals.map(\.0) == second.arrivals.map(\.0))
        #expect(first.arrivals.map(\.1) != pass(500, conditions, seed: 10).arrivals.map(\.1))
    }
}
