import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

@Suite struct CallTests {
    static let source = CodedSource(
        identifier: SourceIdentifier(0),
        payload: (0..<3300).map { UInt8(truncatingIfNeeded: $0 &* 31) })

    /// A whole call: connect, source, pictures, goodbye.
    static func call(_ pair: inout Pair, pictures: Int) throws {
        pair.run(for: .milliseconds(1))
        try pair.introduce(source)
        try pair.stream(pictures: pictures)
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(12))
    }

    static func sources(_ pair: Pair) -> [CodedSource] {
        pair.received.compactMap { if case .source(let source) = $0.1 { source } else { nil } }
    }

    @Test(arguments: [Playout.live, .recording])
    func aPerfectLinkPlaysEveryPictureInOrder(playout: Playout) throws {
        var pair = try Pair(playout: playout)
        try Self.call(&pair, pictures: 300)
        #expect(pair.played.map(\.number) == Array(0..<300))
        #expect(pair.missed.isEmpty)
        // The clock may run 0.4 % faster to make up for a late start.
        for (later, earlier) in zip(pair.played.dropFirst(), pair.played) {
            let step = later.at.since(earlier.at)
            #expect(step <= .milliseconds(40) && step > .microseconds(39_300))
        }
        #expect(Self.sources(pair) == [Self.source])
        #expect(pair.sent.first == .connected)
        #expect(pair.sent.contains(.sourceAcknowledged(Self.source.identifier)))
        #expect(pair.sent.contains(.sourceSetAcknowledged(.zero)))
        #expect(pair.sent.last == .ended(.finished(.finished)))
        #expect(pair.received.last?.1 == .ended(.bySender(.finished)))
        #expect(pair.receiver.statistics.lostPictures == 0)
        #expect(pair.receiver.statistics.missingDatagrams == 0)
    }

    /// The invariants of any call over any link, whatever the seed.
    @Test(arguments: 0..<60 as Range<UInt64>)
    func badLinksDoNoHarm(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var conditions = LinkConditions()
        conditions.loss = .init(random: random.unit() * 0.2)
        conditions.loss.burstStart = random.unit() * 0.02
        conditions.loss.burstEnd = 0.3
        conditions.delay = .milliseconds(Int(random.unit() * 300))
        conditions.jitter = .milliseconds(Int(random.unit() * 60))
        conditions.reordering = random.unit() * 0.1
        conditions.duplication = random.unit() * 0.1
        conditions.corruption = random.unit() * 0.05
        var pair = try Pair(
            conditions, seed: seed, playout: seed.isMultiple(of: 2) ? .live : .recording)
        try Self.call(&pair, pictures: 600)
        let numbers = pair.played.map(\.number)
        // Playout only moves forward, without gaps, and never past what was sent.
        for (later, earlier) in zip(numbers.dropFirst(), numbers) { #expect(later == earlier + 1) }
        for (later, earlier) in zip(pair.played.dropFirst(), pair.played) {
            #expect(later.at >= earlier.at)
        }
        #expect(Self.sources(pair).allSatisfy { $0 == Self.source || conditions.corruption > 0 })
        #expect(Self.sources(pair).count <= 1)
        // What was there when due carries its own payload.
        var units: [CodedKeypoints] = []
        for (_, event) in pair.received {
            if case .keypoints(let unit) = event { units.append(unit) }
            guard case .play(let number, isThere: true) = event else { continue }
            let unit = units.last { $0.firstPicture <= number && number < $0.end }
            if conditions.corruption == 0 {
                #expect(unit?.payload == unit.map { Pair.payload(Int($0.firstPicture.rawValue)) })
                #expect(unit != nil)
            }
        }
        #expect(pair.sent.contains { if case .ended = $0 { true } else { false } })
    }

    @Test func fivePercentLossFreezesNoLongerThanWhatWasLost() throws {
        var conditions = LinkConditions()
        conditions.loss = .init(random: 0.05)
        conditions.delay = .milliseconds(30)
        conditions.reordering = 0.05
        var pair = try Pair(conditions, seed: 3)
        try Self.call(&pair, pictures: 1500)
        let played = pair.played
        #expect(played.count > 1400)
        let lost = played.filter { !$0.isThere }.count
        // Every datagram that is lost costs its three pictures and no other.
        #expect(lost <= 3 * pair.there.counts.lost)
        #expect(Double(lost) / Double(played.count) < 0.08)
        for (later, earlier) in zip(played.dropFirst(), played) {
            let step = later.at.since(earlier.at)
            #expect(step < .milliseconds(42) && step > .milliseconds(38))
        }
    }

    @Test func aLostSourceIsRepeatedUntilItHasArrived() throws {
        var conditions = LinkConditions()
        conditions.loss = .init(random: 0.6)
        var pair = try Pair(conditions, seed: 5)
        try Self.call(&pair, pictures: 600)
        #expect(Self.sources(pair) == [Self.source])
    }

    @Test func nobodyThere() throws {
        var conditions = LinkConditions()
        conditions.loss = .init(random: 1)
        var pair = try Pair(conditions)
        pair.run(for: .seconds(11))
        #expect(pair.sent == [.ended(.noAnswer)])
        // A hello each quarter of a second, a word after each second, and no more.
        #expect((38...52).contains(pair.there.counts.offered))
    }

    @Test func aReceiverThatStartsLateHearsTheCall() throws {
        var pair = try Pair()
        let late = pair.receiver
        pair.receiver = Pair.receiver(.recording, [], at: .zero)
        // Nothing listens for three seconds: datagrams vanish.
        var conditions = LinkConditions()
        conditions.loss = .init(random: 1)
        let good = pair.there
        pair.there = EmulatedLink(conditions, seed: 1)
        pair.run(for: .seconds(3))
        pair.there = good
        pair.receiver = late
        try Self.call(&pair, pictures: 90)
        #expect(pair.played.filter(\.isThere).count == 90)
    }

    @Test(arguments: [0, 0.1])
    func aReceiverThatStartsAgainGetsTheSourceAgain(loss: Double) throws {
        var conditions = LinkConditions()
        conditions.loss = .init(random: loss)
        conditions.delay = .milliseconds(50)
        var pair = try Pair(conditions, seed: 2)
        try pair.introduce(Self.source)
        try pair.stream(pictures: 150, from: 90_000)
        pair.receiver = Pair.receiver(.recording, at: pair.now)
        pair.received = []
        try pair.stream(pictures: 300, from: 90_150)
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(3))
        #expect(Self.sources(pair) == [Self.source])
        #expect(pair.played.filter(\.isThere).count > 150)
        #expect(pair.played.last?.number == 90_449)
        let again = pair.sent.filter { $0 == .sourceSetAcknowledged(.zero) }
        #expect(again.count == 2)
    }

    @Test func aSilentSenderEndsTheReceiver() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        try pair.introduce(Self.source)
        try pair.stream(pictures: 30)
        var conditions = LinkConditions()
        conditions.loss = .init(random: 1)
        pair.there = EmulatedLink(conditions, seed: 1)
        pair.run(for: .seconds(32))
        #expect(pair.received.last?.1 == .ended(.silence))
        #expect(pair.played.filter(\.isThere).count == 30)
    }

    @Test func otherWeightsAreRefusedWithTheReason() throws {
        var pair = try Pair(receiverHash: [UInt8](repeating: 8, count: 32))
        pair.run(for: .seconds(1))
        #expect(pair.sent == [.ended(.byReceiver(.weightsDiffer))])
        #expect(pair.received.isEmpty)
    }

    @Test func aReceiverThatEndsTellsTheSender() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        try pair.introduce(Self.source)
        try pair.stream(pictures: 30)
        pair.receiver.end(.finished, at: pair.now)
        pair.run(for: .seconds(1))
        #expect(pair.sent.last == .ended(.byReceiver(.finished)))
        #expect(pair.received.last?.1 == .ended(.byReceiver(.finished)))
    }

    @Test func aStalledSenderLosesNoPictureOfARecording() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        try pair.introduce(Self.source)
        try pair.stream(pictures: 60)
        pair.run(for: .seconds(3))
        try pair.stream(pictures: 60, from: 60)
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(3))
        #expect(pair.played.map(\.number) == Array(0..<120))
        #expect(pair.missed.isEmpty)
    }
}
