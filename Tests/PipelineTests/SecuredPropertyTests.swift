import Media
import NetworkEmulation
import Pipeline
import Security
import Session
import Testing
import WireFormat

/// What holds in any sealed call over any link, one that flips bits included, and in one that goes on for half an hour.
@Suite struct SecuredPropertyTests {
    private static func link(_ random: inout SplitMix64) -> LinkConditions {
        var link = LinkConditions()
        if random.unit() < 0.5 {
            link.rate = Bitrate(kilobitsPerSecond: 8 + 90 * random.unit() * random.unit())
        }
        link.delay = .milliseconds(Int(random.unit() * 300))
        link.jitter = .milliseconds(Int(random.unit() * 80))
        link.loss = .init(random: random.unit() * random.unit() * 0.2)
        link.loss.burstStart = random.unit() * 0.02
        link.loss.burstEnd = 0.3
        link.reordering = random.unit() * 0.1
        link.duplication = random.unit() * 0.1
        link.corruption = random.unit() * 0.1
        link.queue = DataSize(bytes: 500 + Int(random.unit() * 16_000))
        return link
    }

    /// Both ends keep the promise, nothing that was flipped is believed, playout only moves forward, what is counted
    /// adds up.
    private static func check(
        _ pair: SecuredPair, _ budget: Int, beforeHello: Int, _ label: String
    ) {
        // Values rather than the pair: what fails is printed.
        let busiest = [pair.busiestTwoSeconds, pair.busiestTwoSecondsBack]
        #expect(busiest.allSatisfy { $0 <= budget }, "\(label): \(busiest)")
        let (there, back) = (pair.there.counts, pair.back.counts)
        let sent = pair.wire.reduce(0) { $0 + $1.bytes }
        let returned = pair.wireBack.reduce(0) { $0 + $1.bytes }
        let traffic = (pair.sender.traffic, pair.receiver.returnTraffic)
        let (count, stray) = (pair.wire.count, pair.strayAnswers)
        #expect(traffic.0.size.bytes == sent && traffic.1.size.bytes == returned, "\(label)")
        #expect(traffic.0.datagrams == count && stray == 0, "\(label)")
        for (counts, security) in [
            (there, pair.receiver.security), (back, pair.sender.security),
        ] {
            // Each one that was delivered was opened, was of the handshake, or is counted as ignored.
            let known = security.opened + security.receivedHandshakes
            #expect(
                counts.delivered - known - security.repeatedHandshakes <= security.ignored,
                "\(label)")
            #expect(known + security.ignored <= counts.delivered, "\(label)")
            #expect(security.addressChanges == 0 && security.unprotected <= counts.corrupted)
        }
        // Whatever is inside of a seal was put there by the other end: once a hello has come it is understood.
        let rejected = [
            pair.receiver.statistics.rejectedDatagrams, pair.sender.statistics.rejectedDatagrams,
        ]
        #expect(rejected == [beforeHello, 0], "\(label)")
        for (later, earlier) in zip(pair.shownAt.dropFirst(), pair.shownAt) {
            #expect(later.number > earlier.number && later.at >= earlier.at, "\(label)")
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func anyLinkKeepsTheInvariants(part: UInt64) async throws {
        for seed in part * 100..<(part + 1) * 100 {
            var random = SplitMix64(seed: seed &+ 31)
            let rate = Bitrate(kilobitsPerSecond: 8 + random.unit() * 60)
            var pair = try SecuredPair(
                Self.link(&random), seed: seed, rate: rate,
                packetNumber: random.unit() < 0.3 ? 65_500 : 0)
            try pair.introduce(200 + Int(random.unit() * 3000))
            let beforeHello = pair.receiver.statistics.rejectedDatagrams
            try pair.stream(pictures: 48)
            // The way changes in the middle.
            pair.there.conditions = Self.link(&random)
            try pair.stream(pictures: 48, from: 48)
            let budget = rate.size(over: .seconds(2)).bytes
            Self.check(pair, budget, beforeHello: beforeHello, "seed \(seed)")
            await Task.yield()
        }
    }

    /// Half an hour with faults: each half minute other links, with flipped bits; an outage now and then, once for longer
    /// than keys are asked for; keys of another epoch after some minutes; and a receiver that is started anew.
    @Test func halfAnHourOfFaults() async throws {
        var random = SplitMix64(seed: 14)
        var pair = try SecuredPair(
            Self.link(&random), seed: 14, rate: Bitrate(kilobitsPerSecond: 24),
            packetNumber: 63_000)
        try pair.introduce()
        var picture = 0
        var earlier: [Int] = []
        for place in 0..<60 {
            try pair.stream(pictures: 675, from: picture)
            picture += 675
            let outage = place == 31 ? 20 : place.isMultiple(of: 7) ? 3 : 0
            if outage > 0 {
                picture = try pair.outage(of: .seconds(outage), from: picture)
            } else {
                try pair.stream(pictures: 75, from: picture)
                picture += 75
            }
            if place == 40 {
                earlier = pair.shown
                pair.receiver = try SecuredPair.receiver(seed: 99, at: pair.now)
                pair.received = []
                pair.shownAt = []
                pair.wireBack = []
            }
            pair.there.conditions = Self.link(&random)
            pair.back.conditions = Self.link(&random)
            let isOver = pair.isOver
            try #require(!isOver, "place \(place): \(pair.sent.suffix(3))")
            await Task.yield()
        }
        let busiest = [pair.busiestTwoSeconds, pair.busiestTwoSecondsBack]
        #expect(busiest.allSatisfy { $0 <= 6000 }, "\(busiest)")
        let shares = (
            Double(earlier.count) / Double(41 * 750), Double(pair.shown.count) / Double(19 * 750)
        )
        print("half an hour of faults, sealed: shown \(shares.0), after a new start \(shares.1)")
        #expect(shares.0 > 0.7 && shares.1 > 0.7)
        #expect(earlier == earlier.sorted() && Set(earlier).count == earlier.count)
        let rejected = [
            pair.receiver.statistics.rejectedDatagrams, pair.sender.statistics.rejectedDatagrams,
        ]
        // Few, and none but what came before the hello of a call.
        #expect(rejected[0] <= 3 && rejected[1] == 0, "\(rejected)")
        let (sent, traffic) = (pair.wire.reduce(0) { $0 + $1.bytes }, pair.sender.traffic)
        // From 63,000 on: the keys of the second epoch.
        #expect(traffic.size.bytes == sent && traffic.datagrams > 10_000)
        let forged = [pair.sender.security.forged, pair.receiver.security.forged]
        #expect(forged.allSatisfy { $0 > 0 }, "\(forged)")
    }
}
