import Media
import NetworkEmulation
import Pipeline
import Security
import Session
import TestSupport
import Testing
import VideoCoding

/// Whole sealed calls whose rate follows the link, with a voice, over random loss: loss costs its own pictures and no more.
@Suite struct LossyCallTests {
    private static func call(_ loss: Double, seed: UInt64, pictures: Int) throws -> SimulationResult
    {
        let plan = try present(CallPlan(rate: Bitrate(kilobitsPerSecond: 24), hasSound: true))
        var options = SimulatedCall.Options(plan: plan)
        options.link.delay = .milliseconds(30)
        options.link.loss = .init(random: loss)
        options.seed = seed
        options.playout = .live
        options.adapts = true
        options.credentials = SecuredPair.credentials()
        let call = try SimulatedCall(
            encoder: try StubCodec.encoder(), decoder: try StubCodec.decoder(),
            size: SyntheticPictures.size, options: options)
        return try call.run(SpotClip(pictures: pictures), stills: []) { _ in }
    }

    /// At 10 % of random loss at least 95 % of the pictures are shown when they are due, and no freeze outlasts the loss
    /// behind it by more than 0.2 s.
    @Test func tenPercentOfRandomLoss() throws {
        var (shown, sent, heard, due) = (0, 0, 0, 0)
        var longest = Duration.zero
        for seed in 1...8 as ClosedRange<UInt64> {
            let result = try Self.call(0.1, seed: seed, pictures: 750)
            let share = Double(result.generatedPictures) / Double(result.sentPictures)
            let freeze = result.trace.longestFreezeBeyondLoss(.milliseconds(40))
            #expect(share > 0.93, "seed \(seed): \(share)")
            #expect(freeze <= .milliseconds(200), "seed \(seed): \(freeze)")
            #expect(result.largestTwoSeconds.bytes <= 6000, "seed \(seed)")
            shown += result.generatedPictures
            sent += result.sentPictures
            heard += result.voiceTicks - result.lostVoiceTicks
            due += result.voiceTicks
            longest = max(longest, freeze)
        }
        let share = Double(shown) / Double(sent)
        let voice = Double(heard) / Double(due)
        print("10 % of loss, 8 seeds: shown \(share), heard \(voice), freeze \(longest)")
        #expect(share >= 0.95, "\(share)")
        #expect(Double(heard) > 0.9 * Double(due))
    }

    @Test func withoutLossEverythingIsShown() throws {
        let result = try Self.call(0, seed: 1, pictures: 250)
        #expect(result.generatedPictures == 250 && result.lostVoiceTicks == 0)
        #expect(result.trace.longestFreeze(.milliseconds(40)) < .milliseconds(20))
        #expect(result.trace.longestFreezeBeyondLoss(.milliseconds(40)) < .milliseconds(20))
    }
}
