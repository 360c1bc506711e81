import CongestionControl
import Media
import NetworkEmulation
import Testing

/// The cases of RFC 8867 that apply to one media flow or a few, with rates of this kind of call; a clock of the
/// machine is in none of them.
@Suite struct CongestionTests {
    static func rate(_ kilobits: Double) -> Bitrate { Bitrate(kilobitsPerSecond: kilobits) }

    static func controller(ceiling: Double = 500) -> RateController {
        RateController(start: rate(12.2), floor: rate(6.5), ceiling: rate(ceiling))
    }

    static func flow(
        ceiling: Double = 500, interval: Int = 80, at start: Int = 0
    ) -> Flow {
        Flow(
            controller(ceiling: ceiling), interval: .milliseconds(interval),
            at: Instant(nanoseconds: Int64(start) * 1_000_000_000))
    }

    static func link(_ kilobits: Double?, delay: Int = 50, queue: Int = 16_000) -> LinkConditions {
        var link = LinkConditions()
        link.rate = kilobits.map(rate)
        link.delay = .milliseconds(delay)
        link.queue = DataSize(bytes: queue)
        return link
    }

    /// Links from 8 to 300 kbit/s, each with what an empty one would take for a datagram of its rate.
    @Test(arguments: [(8.0, 240), (12.2, 120), (20, 120), (40, 80), (64, 80), (128, 40)])
    func aFullLinkIsUsedAndItsQueueStaysShort(kilobits: Double, interval: Int) {
        for seed in 1...4 as ClosedRange<UInt64> {
            var path = Bottleneck(
                [Self.flow(interval: interval)], Self.link(kilobits), seed: seed)
            path.run(for: .seconds(120))
            let got = path.delivered(0, from: 20, to: 120).kilobitsPerSecond
            #expect(got > 0.78 * kilobits, "\(got) of \(kilobits)")
            #expect(got <= kilobits * 1.001)
            // Beside the way itself and the datagram's own time.
            let own = Duration.milliseconds(50 + interval)
            let usual = path.delay(0, percentile: 50, from: 20, to: 120) - own
            let long = path.delay(0, percentile: 95, from: 20, to: 120) - own
            #expect(usual < .milliseconds(80), "\(kilobits): \(usual)")
            #expect(long < .milliseconds(Int(150 + 2400 / kilobits)), "\(kilobits): \(long)")
        }
    }

    /// RFC 8867, section 5.1: variable available capacity with a single flow.
    @Test func capacityThatChangesIsFollowed() {
        var link = Self.link(40)
        var path = Bottleneck([Self.flow()], link, seed: 2)
        path.run(for: .seconds(40))
        var begin = 40
        for (kilobits, seconds) in [(100.0, 40), (24, 20), (40, 40)] {
            link.rate = Self.rate(kilobits)
            path.there.conditions = link
            path.run(for: .seconds(seconds))
            let settled = begin + seconds / 2
            begin += seconds
            let got = path.delivered(0, from: settled, to: begin).kilobitsPerSecond
            #expect(got > 0.7 * kilobits, "\(got) of \(kilobits)")
            let delay = path.delay(0, percentile: 90, from: settled, to: begin)
            #expect(delay < .milliseconds(400), "\(kilobits): \(delay)")
        }
    }

    /// Section 5.2, as far as it is of use here: capacity that changes under two flows.
    @Test func twoFlowsFollowTheCapacity() {
        var link = Self.link(80)
        var path = Bottleneck([Self.flow(), Self.flow()], link, seed: 3)
        path.run(for: .seconds(60))
        link.rate = Self.rate(40)
        path.there.conditions = link
        path.run(for: .seconds(60))
        let together = (0...1).map { path.delivered($0, from: 80, to: 120).kilobitsPerSecond }
        #expect(together[0] + together[1] > 30)
        #expect(together.allSatisfy { $0 > 8 }, "\(together)")
        #expect(path.delay(0, percentile: 90, from: 80, to: 120) < .milliseconds(450))
    }

    /// Section 5.3: congested feedback. The way there is not the one that is full.
    @Test func acknowledgementsThatWaitDoNoHarm() {
        var back = Self.link(8, delay: 50)
        back.loss = .init(random: 0.1)
        var path = Bottleneck([Self.flow(ceiling: 64)], Self.link(100), back: back, seed: 4)
        path.run(for: .seconds(60))
        #expect(path.delivered(0, from: 20, to: 60).kilobitsPerSecond > 50)
    }

    /// Section 5.4: competing media flows; the second one comes later and finds the link full.
    @Test(arguments: [32.0, 80])
    func twoFlowsShareFairly(kilobits: Double) {
        var path = Bottleneck(
            [Self.flow(), Self.flow(at: 20)], Self.link(kilobits), seed: 5)
        path.run(for: .seconds(240))
        let shares = (0...1).map { path.delivered($0, from: 120, to: 240).kilobitsPerSecond }
        #expect(shares[0] + shares[1] > 0.75 * kilobits, "\(shares)")
        // Neither gets less than half of what the other one has.
        #expect(min(shares[0], shares[1]) > 0.5 * max(shares[0], shares[1]), "\(shares)")
        #expect(path.delay(0, percentile: 95, from: 60, to: 240) < .milliseconds(400))
    }

    /// Section 5.5: round-trip times that differ.
    @Test func aLongerWayIsNoLesserFlow() {
        var other = Self.flow()
        // Its packets take as long, but it hears of them half a second later.
        other.hearsLate = .milliseconds(500)
        var path = Bottleneck([Self.flow(), other], Self.link(80), seed: 6)
        path.run(for: .seconds(240))
        let shares = (0...1).map { path.delivered($0, from: 120, to: 240).kilobitsPerSecond }
        #expect(min(shares[0], shares[1]) > 0.25 * max(shares[0], shares[1]), "\(shares)")
    }

    /// Section 5.6: a long TCP flow fills the queue whatever we do; a call must not starve beside it.
    @Test func aFlowThatFillsTheQueueDoesNotStarveTheCall() {
        var path = Bottleneck(
            [Self.flow(ceiling: 64)], Self.link(100, queue: 6000), seed: 7)
        // Something that always sends as much as the link carries, less a tenth.
        path.cross = { now in
            (now.advanced(by: .milliseconds(89)), now.nanoseconds < 90_000_000_000 ? 1000 : 40)
        }
        path.run(for: .seconds(90))
        #expect(path.delivered(0, from: 30, to: 90).kilobitsPerSecond > 6.5)
    }

    /// Section 5.8: a flow that pauses and goes on.
    @Test func aPauseFreesTheLinkAndIsNoHarm() {
        var path = Bottleneck([Self.flow(), Self.flow()], Self.link(64), seed: 8)
        path.run(for: .seconds(60))
        path.flows[0].isOn = false
        path.run(for: .seconds(40))
        #expect(path.delivered(1, from: 80, to: 100).kilobitsPerSecond > 45)
        path.flows[0].isOn = true
        path.run(for: .seconds(60))
        let shares = (0...1).map { path.delivered($0, from: 120, to: 160).kilobitsPerSecond }
        #expect(shares.allSatisfy { $0 > 15 }, "\(shares)")
    }

    /// Loss that has nothing to do with the rate.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func tenPercentOfRandomLossDoNotMakeItCollapse(seed: UInt64) {
        var link = Self.link(nil, delay: 40)
        link.jitter = .milliseconds(80)
        link.loss = .init(random: 0.1)
        var path = Bottleneck([Self.flow(ceiling: 24, interval: 120)], link, seed: seed)
        path.run(for: .seconds(180))
        let got = path.delivered(0, from: 20, to: 180).kilobitsPerSecond
        #expect(got > 0.7 * 0.9 * 24, "\(got)")
    }

    /// A throttle that drops what is too much instead of letting it wait.
    @Test(arguments: [32.0, 64])
    func aThrottleIsNotFoughtAgainst(kilobits: Double) {
        let link = Self.link(kilobits, queue: 250)
        var path = Bottleneck([Self.flow()], link, seed: 9)
        path.run(for: .seconds(120))
        let got = path.delivered(0, from: 20, to: 120).kilobitsPerSecond
        #expect(got > 0.7 * kilobits, "\(got)")
        let lost = Double(path.there.counts.dropped) / Double(path.there.counts.offered)
        #expect(lost < 0.08, "\(lost)")
    }

    /// Clocks that differ by 200 parts in a million look like a queue that grows for ever.
    @Test(arguments: [-200.0, 200])
    func clocksThatDriftAreNoQueue(skew: Double) {
        var flow = Self.flow(ceiling: 24, interval: 120)
        flow.skew = skew
        var path = Bottleneck([flow], Self.link(100), seed: 10)
        path.run(for: .seconds(900))
        let low = path.flows[0].targets.filter { $0.at.nanoseconds > 20_000_000_000 }
            .map(\.rate).min()
        #expect(low == Self.rate(24))
    }

    /// A way that becomes 200 ms longer is no queue, which shows within seconds.
    @Test func aLongerWayIsFoundOut() {
        var link = Self.link(100)
        var path = Bottleneck([Self.flow(ceiling: 24, interval: 120)], link, seed: 11)
        path.run(for: .seconds(60))
        link.delay = .milliseconds(250)
        path.there.conditions = link
        path.run(for: .seconds(10))
        #expect(path.flows[0].controller.target == Self.rate(24))
    }

    /// Two seconds in which nothing passes cost nothing afterwards.
    @Test func anOutageIsForgotten() {
        var path = Bottleneck(
            [Self.flow(ceiling: 24, interval: 120)], Self.link(100), seed: 12)
        path.run(for: .seconds(30))
        let good = path.there.conditions
        path.there.conditions.loss = .init(random: 1)
        path.run(for: .seconds(2))
        path.there.conditions = good
        path.run(for: .seconds(1))
        #expect(path.flows[0].controller.target == Self.rate(24))
    }

    /// What is not used is not known to be there: the target stays near what goes out.
    @Test func whatIsNotUsedIsNotClaimed() {
        var flow = Self.flow(ceiling: 200, interval: 120)
        flow.demand = { _ in Self.rate(10) }
        var path = Bottleneck([flow], Self.link(20), seed: 13)
        path.run(for: .seconds(60))
        #expect(path.flows[0].controller.target <= Self.rate(22.5))
        #expect(path.delay(0, percentile: 99, from: 5, to: 60) < .milliseconds(150))
    }

    /// The slope of the delay, as WebRTC has it, is slow where packets are few: the same links, compared.
    @Test(arguments: [(8.0, 240), (12.2, 120), (20, 120), (40, 80)])
    func theSlopeOfTheDelayIsWorse(kilobits: Double, interval: Int) {
        let slope = Flow(
            TrendlineController(
                start: Self.rate(12.2), floor: Self.rate(6.5), ceiling: Self.rate(500)),
            interval: .milliseconds(interval), at: .zero)
        var paths = [Self.flow(interval: interval), slope].map {
            Bottleneck([$0], Self.link(kilobits), seed: 14)
        }
        for index in paths.indices { paths[index].run(for: .seconds(120)) }
        let delays = paths.map { $0.delay(0, percentile: 95, from: 0, to: 120) }
        #expect(delays[0] * 2 < delays[1], "\(delays)")
    }

    @Test func theTargetStaysWithinItsBounds() {
        var random = SplitMix64(seed: 15)
        for _ in 0..<200 {
            var controller = Self.controller(ceiling: 64)
            var now = Instant.zero
            for _ in 0..<300 {
                now = now.advanced(by: .milliseconds(Int(random.next() % 2000)))
                var report = DeliveryReport()
                report.deliveredPackets = Int(random.next() % 50)
                report.delivered = DataSize(bytes: Int(random.next() % 100_000))
                report.lost = Array(
                    repeating: .init(size: DataSize(bytes: 200), sent: now),
                    count: Int(random.next() % 50))
                report.roundTrip =
                    random.unit() < 0.1 ? nil : .milliseconds(Int(random.next() % 9000))
                if random.unit() < 0.8 {
                    report.newest = .init(
                        size: DataSize(bytes: Int(random.next() % 1500)),
                        sent: now.advanced(by: .milliseconds(-Int(random.next() % 5000))),
                        arrival: UInt16(truncatingIfNeeded: random.next()))
                }
                controller.take(report, at: now)
                #expect((6500.0...64_000).contains(controller.target.bitsPerSecond))
                #expect(controller.queueingDelay >= .zero)
            }
        }
    }
}
