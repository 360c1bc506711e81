import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// `--rate` is a promise: whatever is sent, lost or said, no two seconds hold more.
@Suite struct RatePromiseTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func anySendsKeepThePromise(part: UInt64) async {
        for seed in part * 250..<(part + 1) * 250 {
            Self.randomSends(seed)
            // Tests with real clocks run beside this one.
            await Task.yield()
        }
    }

    private static func randomSends(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let rate = Bitrate(bitsPerSecond: 1000 + random.unit() * 60_000)
        var promise = RatePromise(rate)
        var now = Instant.zero
        var sends: [(Instant, Int)] = []
        for _ in 0..<300 {
            now = now.advanced(by: .milliseconds(Int(random.next() % 120)))
            let bytes = 30 + Int(random.next() % 1200)
            if promise.room(at: now) >= bytes {
                promise.record(bytes, at: now)
                sends.append((now, bytes))
            } else if let next = promise.nextRoom(at: now) {
                #expect(next > now)
                #expect(next.since(now) <= RatePromise.window + .nanoseconds(1))
            } else {
                #expect(bytes > promise.budget)
            }
        }
        let budget = rate.size(over: RatePromise.window).bytes
        #expect(Traffic.largestWindow(sends) <= budget, "seed \(seed)")
    }

    /// Calls with random loads, sources and links, from 4 to 100 kbit/s.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func callsKeepThePromise(part: UInt64) async throws {
        for seed in part * 250..<(part + 1) * 250 {
            try Self.randomCall(seed)
            await Task.yield()
        }
    }

    private static func randomCall(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let rate = Bitrate(kilobitsPerSecond: 4 + random.unit() * random.unit() * 96)
        let plan = try #require(CallPlan(rate: rate, hasSound: random.unit() < 0.7))
        var traffic = Traffic(plan, seed: seed)
        let scale = 0.5 + random.unit() * 2.5
        traffic.voiceBytes = { min(1000, Int(Double(60 + $0.next() % 60) * scale)) }
        traffic.keypointBytes = { Int(Double(5 + $0.next() % 30) * scale) }
        var conditions = LinkConditions()
        conditions.loss = .init(random: random.unit() * 0.3)
        conditions.delay = .milliseconds(Int(random.unit() * 300))
        conditions.jitter = .milliseconds(Int(random.unit() * 50))
        conditions.duplication = random.unit() * 0.05
        var pair = try traffic.pair(conditions, seed: seed)
        for identifier in 0..<(1 + random.next() % 3) {
            let source = CodedSource(
                identifier: SourceIdentifier(UInt16(identifier)),
                payload: (0..<Int(300 + random.next() % 4000)).map {
                    UInt8(truncatingIfNeeded: $0 &+ Int(identifier))
                })
            pair.sender.add(.source(source), at: pair.now)
        }
        let set = try #require(SourceSet(number: .zero, sources: [SourceIdentifier(0)]))
        pair.sender.add(.sourceSet(set), at: pair.now)
        try traffic.run(&pair, for: .seconds(6))
        if seed.isMultiple(of: 2) {
            pair.receiver.end(.finished, at: pair.now)
        } else {
            pair.sender.end(.finished, at: pair.now)
        }
        pair.run(for: .seconds(3))
        let budget = rate.size(over: RatePromise.window).bytes
        #expect(Traffic.largestWindow(pair.wireThere) <= budget, "seed \(seed)")
        #expect(Traffic.largestWindow(pair.wireBack) <= budget, "seed \(seed)")
        // Something came of it.
        #expect(pair.wireThere.count > 5, "seed \(seed)")
    }

    /// On a link of just the rate, sources delay the voice by no more than one datagram.
    @Test(arguments: [12.2, 16, 24, 32, 64])
    func sourcesDoNotDelayTheVoice(kilobits: Double) throws {
        let rate = Bitrate(kilobitsPerSecond: kilobits)
        let plan = try #require(CallPlan(rate: rate, hasSound: true))
        var conditions = LinkConditions()
        conditions.rate = rate
        var traffic = Traffic(plan, seed: 4)
        var pair = try traffic.pair(conditions, seed: 4)
        pair.sender.add(.source(SourceTests.source(0, length: 200_000)), at: pair.now)
        try traffic.run(&pair, for: .seconds(10))
        var free = Instant.zero
        var longest = Duration.zero
        for (instant, bytes) in pair.wireThere {
            if bytes > 100 { longest = max(longest, max(free, instant).since(instant)) }
            free = max(free, instant).advanced(by: rate.duration(of: DataSize(bytes: bytes)))
        }
        #expect(longest <= plan.interval, "\(longest)")
        #expect(pair.sender.statistics.voicePackets > 75)
        #expect(pair.sender.statistics.droppedVoicePackets == 0)
        // What the rate leaves is used.
        let bytes = pair.wireThere.filter { $0.0.nanoseconds > 2_000_000_000 }.map(\.1).reduce(0, +)
        let used = Bitrate(
            DataSize(bytes: bytes), over: pair.now.since(Instant(nanoseconds: 2_000_000_000)))
        #expect(used.bitsPerSecond > rate.bitsPerSecond * 0.8, "\(used.kilobitsPerSecond)")
    }

    /// Voice that comes out larger than planned costs pictures, not the promise and not the voice.
    @Test func voiceComesBeforePictures() throws {
        let plan = try #require(CallPlan(rate: Bitrate(kilobitsPerSecond: 12.2), hasSound: true))
        var traffic = Traffic(plan, seed: 5)
        traffic.keypointBytes = { _ in 60 }
        traffic.voiceBytes = { _ in 115 }
        var pair = try traffic.pair(LinkConditions(), seed: 5)
        try pair.introduce(SourceTests.source(0, length: 400))
        try traffic.run(&pair, for: .seconds(20))
        #expect(pair.sender.statistics.droppedPictures > 20)
        #expect(pair.sender.statistics.droppedVoicePackets <= 2)
        #expect(Traffic.largestWindow(pair.wireThere) <= 3050)
    }
}
