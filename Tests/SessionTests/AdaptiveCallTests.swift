import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// Calls whose rate follows what the link carries: both ends, the plan and its traffic on a virtual clock.
@Suite struct AdaptiveCallTests {
    /// A voice and pictures as the plan in use has them.
    struct Call {
        var pair: Pair
        var follower: PlanFollower
        private var place = 0
        private var told = 0
        private let start: Instant
        var plans: [(at: Instant, plan: CallPlan)] = []

        init(_ promised: Double, _ link: LinkConditions, seed: UInt64, source: Int = 4000) throws {
            let plan = try #require(
                CallPlan(rate: Bitrate(kilobitsPerSecond: promised), hasSound: true))
            follower = PlanFollower(plan, start: CallPlan.startingRate)
            pair = try Pair(
                link, seed: seed, playout: .live, hasSound: true, rate: plan.rate,
                interval: follower.plan.interval, startingRate: CallPlan.startingRate)
            pair.sender.add(.source(SourceTests.source(0, length: 500)), at: .zero)
            let set = try #require(SourceSet(number: .zero, sources: [SourceIdentifier(0)]))
            pair.sender.add(.sourceSet(set), at: .zero)
            while !pair.sender.isAcknowledged(.zero), pair.now.nanoseconds < 20_000_000_000 {
                pair.run(for: .milliseconds(20))
            }
            if source > 0 {
                pair.sender.add(.source(SourceTests.source(1, length: source)), at: pair.now)
            }
            start = pair.now
        }

        /// Goes on for a while, a datagram's pictures at a time.
        mutating func run(for duration: Duration) throws {
            let end = pair.now.advanced(by: duration)
            while pair.now < end {
                for event in pair.sent[told...] {
                    if case .targetBitrate(let rate) = event { follower.take(rate, at: pair.now) }
                }
                told = pair.sent.count
                let number = PictureNumber(UInt32(place))
                if let plan = follower.next(for: number, at: pair.now) {
                    pair.sender.use(interval: plan.interval)
                    plans.append((pair.now, plan))
                }
                let plan = follower.plan
                let count = plan.picturesPerDatagram
                pair.run(until: start.advanced(by: .milliseconds(40 * (place + count))))
                for frame in try PlannedMedia.frames(plan, from: place, count: count) {
                    pair.sender.add(frame, at: pair.now)
                }
                place += count
                pair.run(until: pair.now)
            }
        }

        /// Forgets what was noted, so that a long call takes no more memory than its sessions do.
        mutating func forgetNotes() {
            told = 0
            plans = []
            pair.sent = []
            pair.received = []
            pair.wireThere = []
            pair.wireBack = []
        }

        /// Of the ticks that were played after the first seconds, how many were there.
        var heardShare: Double {
            var heard = 0
            var all = 0
            for (instant, event) in pair.received
            where instant.since(start) > .seconds(5) {
                guard case .voice(let play) = event else { continue }
                all += play.tickCount
                if case .packet = play { heard += play.tickCount }
            }
            return all > 0 ? Double(heard) / Double(all) : 0
        }
    }

    static func link(_ kilobits: Double?, delay: Int = 100) -> LinkConditions {
        var link = LinkConditions()
        link.rate = kilobits.map { Bitrate(kilobitsPerSecond: $0) }
        link.delay = .milliseconds(delay)
        return link
    }

    @Test func aGoodLinkGetsThePromisedPlan() throws {
        var call = try Call(24, Self.link(nil, delay: 30), seed: 1)
        try call.run(for: .seconds(30))
        #expect(call.follower.plan.rate == Bitrate(kilobitsPerSecond: 24))
        #expect(call.heardShare == 1)
        #expect(call.pair.sender.statistics.droppedPictures <= 3)
        #expect(Traffic.largestWindow(call.pair.wireThere) <= 6000)
    }

    /// Whatever the link, the promise is kept, and the plan fits what the link carries.
    @Test(arguments: [(8.0, 24.0), (12.2, 24), (16, 24), (20, 64), (40, 64)])
    func aSlowerLinkIsFoundOut(kilobits: Double, promised: Double) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            var call = try Call(promised, Self.link(kilobits), seed: seed, source: 100_000)
            try call.run(for: .seconds(60))
            let budget = Bitrate(kilobitsPerSecond: promised).size(over: RatePromise.window).bytes
            #expect(Traffic.largestWindow(call.pair.wireThere) <= budget)
            #expect(call.follower.plan.rate.kilobitsPerSecond <= kilobits * 1.1)
            #expect(call.heardShare > 0.9, "\(kilobits): \(call.heardShare)")
            // Most of what the link carries is used: sources never end.
            let bytes = call.pair.wireThere.filter { $0.0.nanoseconds > 20_000_000_000 }
                .map(\.1).reduce(0, +)
            let used = Bitrate(
                DataSize(bytes: bytes),
                over: call.pair.now.since(Instant(nanoseconds: 20_000_000_000)))
            #expect(used.kilobitsPerSecond > kilobits * 0.7, "\(used.kilobitsPerSecond)")
            #expect(used.kilobitsPerSecond < kilobits * 1.02, "\(used.kilobitsPerSecond)")
        }
    }

    /// Loss of 10 % changes neither the plan nor the rate for long.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func randomLossDoesNotTakeThePlanAway(seed: UInt64) throws {
        var link = Self.link(nil, delay: 40)
        link.jitter = .milliseconds(80)
        link.loss = .init(random: 0.1)
        var call = try Call(24, link, seed: seed)
        try call.run(for: .seconds(60))
        #expect(call.follower.plan.rate.kilobitsPerSecond > 15)
    }

    /// Nothing passes for two seconds: a second later the call is as it was.
    @Test(arguments: [20, 60, 250])
    func anOutageOfTwoSecondsIsOverAtOnce(delay: Int) throws {
        var call = try Call(24, Self.link(nil, delay: delay), seed: 2)
        try call.run(for: .seconds(15))
        let plan = call.follower.plan
        call.pair.there.conditions.loss = .init(random: 1)
        call.pair.back.conditions.loss = .init(random: 1)
        try call.run(for: .seconds(2))
        call.pair.there.conditions.loss = .init()
        call.pair.back.conditions.loss = .init()
        let begin = call.pair.now
        try call.run(for: .seconds(4))
        #expect(call.follower.plan == plan)
        // Beside the way itself: one second.
        let whole = begin.advanced(by: .seconds(1) + .milliseconds(delay))
        let later = call.pair.played.filter { $0.at >= whole }
        #expect(later.count > 60)
        #expect(later.allSatisfy { $0.isThere })
    }

    /// Twenty seconds: nobody is sent anything after five, and the call goes on when the link does.
    @Test func aLongOutageDoesNotEndTheCall() throws {
        var call = try Call(24, Self.link(nil, delay: 60), seed: 3)
        try call.run(for: .seconds(10))
        call.pair.there.conditions.loss = .init(random: 1)
        call.pair.back.conditions.loss = .init(random: 1)
        try call.run(for: .seconds(10))
        let before = call.pair.wireThere.count
        try call.run(for: .seconds(10))
        // Hellos, two a second, and keep-alives.
        let quiet = call.pair.wireThere[before...]
        #expect(quiet.count <= 31)
        call.pair.there.conditions.loss = .init()
        call.pair.back.conditions.loss = .init()
        let begin = call.pair.now
        try call.run(for: .seconds(5))
        let later = call.pair.played.filter { $0.at.since(begin) > .milliseconds(1200) }
        #expect(later.count > 60)
        #expect(later.allSatisfy { $0.isThere })
        let isOver = call.pair.sent.contains { if case .ended = $0 { true } else { false } }
        #expect(!isOver)
    }

    /// A voice passes 8 kbit/s, with a loss of some percent, too: what is not heard is mostly of the seconds in which the
    /// call looks whether the link carries more.
    @Test func eightKilobitsHoldAVoice() throws {
        var link = Self.link(8)
        link.loss = .init(random: 0.02)
        var call = try Call(12.2, link, seed: 4)
        try call.run(for: .seconds(60))
        #expect(call.heardShare > 0.93, "\(call.heardShare)")
        #expect(call.follower.plan.voiceBitrate == 5000)
    }
}
