import Media
import NetworkEmulation
import Session
import Testing

/// Sound that is said again where the link loses datagrams and there is room.
@Suite struct VoiceAgainTests {
    /// Ticks that were played from packets, of all that were played, after the first seconds; and the pair.
    private static func heard(
        loss: Double, kilobits: Double, seed: UInt64
    ) throws -> (share: Double, pair: Pair) {
        var plan = try #require(
            CallPlan(rate: Bitrate(kilobitsPerSecond: kilobits), hasSound: true))
        plan.picturesPerDatagram = 3
        var link = LinkConditions()
        link.delay = .milliseconds(30)
        link.loss = .init(random: loss)
        var traffic = Traffic(plan, seed: seed)
        var pair = try Pair(
            link, seed: seed, playout: .recording, hasSound: true, rate: plan.rate,
            interval: plan.interval, startingRate: CallPlan.startingRate)
        try pair.introduce(SourceTests.source(0, length: 400))
        try traffic.run(&pair, for: .seconds(60))
        var played = 0
        var there = 0
        for (instant, event) in pair.received {
            guard case .voice(let play) = event, instant > Instant(nanoseconds: 10_000_000_000)
            else { continue }
            played += play.tickCount
            if case .packet = play { there += play.tickCount }
        }
        return (Double(there) / Double(played), pair)
    }

    /// Without it 90 % would be heard.
    @Test(arguments: [24.0, 32])
    func mostOfWhatIsLostIsHeardAllTheSame(kilobits: Double) throws {
        let (share, pair) = try Self.heard(loss: 0.1, kilobits: kilobits, seed: 3)
        #expect(share > 0.94, "\(share)")
        #expect(pair.sender.statistics.repeatedVoicePackets > 100)
        #expect(pair.sender.statistics.droppedPictures == 0)
        let budget = Bitrate(kilobitsPerSecond: kilobits).size(over: RatePromise.window).bytes
        #expect(Traffic.largestWindow(pair.wireThere) <= budget)
    }

    @Test func aLinkThatLosesNothingHearsItOnce() throws {
        let (share, pair) = try Self.heard(loss: 0, kilobits: 24, seed: 3)
        #expect(share == 1)
        #expect(pair.sender.statistics.repeatedVoicePackets == 0)
    }
}
