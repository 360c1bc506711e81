import Media
import NetworkEmulation
import Session
import Testing

/// The playout delay follows the way's jitter: up at once, down when it is over.
@Suite struct PlayoutJitterTests {
    /// Jitter of nothing, then of up to 80 ms, then of nothing.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func theDelayRisesWithJitterAndFallsAfterwards(seed: UInt64) throws {
        var link = LinkConditions()
        link.delay = .milliseconds(50)
        let plan = try #require(
            CallPlan(rate: Bitrate(kilobitsPerSecond: 24), hasSound: true))
        var traffic = Traffic(plan, seed: seed)
        var pair = try traffic.pair(link, seed: seed)
        try pair.introduce(SourceTests.source(0, length: 900))
        var delays: [Duration] = []
        var lost: [Int] = []
        for (jitter, seconds) in [(0, 30), (80, 30), (0, 45)] {
            pair.there.conditions.jitter = .milliseconds(jitter)
            // Some seconds to find out, then ten that count.
            try traffic.run(&pair, for: .seconds(seconds - 10))
            let before = pair.receiver.statistics.lostPictures
            try traffic.run(&pair, for: .seconds(10))
            delays.append(pair.receiver.statistics.playoutDelay)
            lost.append(pair.receiver.statistics.lostPictures - before)
        }
        print("seed \(seed): playout delay \(delays), pictures late \(lost) of 250 each")
        #expect(delays[0] < .milliseconds(40))
        #expect(delays[1] > delays[0] + .milliseconds(35) && delays[1] < .milliseconds(130))
        #expect(delays[2] < delays[0] + .milliseconds(25))
        // Three of a hundred may be late by choice where there is jitter.
        #expect(lost[0] == 0 && lost[1] <= 20 && lost[2] == 0)
    }
}
