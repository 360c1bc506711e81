import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// Keypoints that are said again with the next ones.
@Suite struct KeypointsAgainTests {
    private static func unit(_ first: Int, saysAgain: Bool) throws -> CodedKeypoints {
        var unit = try #require(
            CodedKeypoints(
                firstPicture: PictureNumber(UInt32(first)), pictureCount: 3, sourceSet: .zero,
                reference: .source(SourceIdentifier(0)), payload: Pair.payload(first)))
        if saysAgain, first > 0 {
            unit.again = KeypointsAgain(
                before: unit.firstPicture, pictureCount: 3, sourceSet: .zero,
                payload: [UInt8(truncatingIfNeeded: first), 1, 2, 3, 4])
        }
        return unit
    }

    /// A minute of pictures over a link that loses some.
    private static func call(loss: Double, saysAgain: Bool, seed: UInt64) throws -> Pair {
        var link = LinkConditions()
        link.loss = .init(random: loss)
        link.delay = .milliseconds(40)
        var pair = try Pair(link, seed: seed, playout: .live)
        try pair.introduce(CallTests.source)
        let start = pair.now
        for first in stride(from: 0, to: 1500, by: 3) {
            pair.run(until: start.advanced(by: .milliseconds(40 * (first + 2))))
            pair.sender.add(.keypoints(try unit(first, saysAgain: saysAgain)), at: pair.now)
            pair.run(until: pair.now)
        }
        pair.run(for: .milliseconds(500))
        return pair
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func tenPercentLossCostOnePictureInAHundred(seed: UInt64) throws {
        let pair = try Self.call(loss: 0.1, saysAgain: true, seed: seed)
        let counts = pair.receiver.statistics
        let share = Double(counts.pictures) / Double(counts.pictures + counts.lostPictures)
        #expect(share >= 0.95, "\(share)")
        #expect(counts.repeatedPictures > 80)
        // Without them a tenth is lost.
        let without = try Self.call(loss: 0.1, saysAgain: false, seed: seed)
        #expect(without.receiver.statistics.lostPictures > 2 * counts.lostPictures)
    }

    /// Each is told of once, in time, and only where the picture's own keypoints had not come.
    @Test func onlyMissingPicturesAreTaken() throws {
        let pair = try Self.call(loss: 0.1, saysAgain: true, seed: 9)
        var held: Set<Int> = []
        var next = 0
        for (_, event) in pair.received {
            switch event {
            case .keypoints(let unit):
                for number in 0..<3 { held.insert(Int(unit.firstPicture.rawValue) + number) }
            case .keypointsAgain(let again):
                let first = Int(again.firstPicture.rawValue)
                let missing = (first..<first + 3).filter { !held.contains($0) && $0 >= next }
                #expect(!missing.isEmpty)
            case .play(let number, _): next = Int(number.rawValue) + 1
            default: break
            }
        }
        #expect(pair.there.counts.lost > 20)
    }

    @Test func withoutLossTheyChangeNothing() throws {
        let pair = try Self.call(loss: 0, saysAgain: true, seed: 10)
        #expect(pair.receiver.statistics.repeatedPictures == 0)
        #expect(!pair.played.contains { $0.number < 1500 && !$0.isThere })
        let told = pair.received.contains {
            if case .keypointsAgain = $0.1 { true } else { false }
        }
        #expect(!told)
    }

    /// Where the promise has no room they are left out before anything else is.
    @Test func theyAreTheFirstToBeLeftOut() throws {
        let plan = try #require(CallPlan(rate: Bitrate(kilobitsPerSecond: 12.2), hasSound: true))
        var pair = try Traffic(plan, seed: 1).pair(LinkConditions(), seed: 1)
        try pair.introduce(SourceTests.source(0, length: 400))
        for first in stride(from: 6, to: 606, by: 3) {
            pair.run(for: .milliseconds(120))
            var unit = try #require(
                CodedKeypoints(
                    firstPicture: PictureNumber(UInt32(first)), pictureCount: 3,
                    sourceSet: .zero, reference: .source(SourceIdentifier(0)),
                    payload: [UInt8](repeating: 5, count: 12)))
            unit.again = KeypointsAgain(
                before: unit.firstPicture, pictureCount: 3, sourceSet: .zero,
                payload: [UInt8](repeating: 1, count: 80))
            let packet = try #require(VoicePacket([3 << 3 | 1] + [UInt8](repeating: 7, count: 70)))
            let voice = try #require(
                CodedVoice(start: VoiceTick(UInt32(first * 2)), packet: packet))
            pair.sender.add(.voice(voice), at: pair.now)
            pair.sender.add(.keypoints(unit), at: pair.now)
        }
        pair.run(for: .milliseconds(500))
        #expect(pair.sender.statistics.droppedVoicePackets == 0)
        #expect(pair.sender.statistics.droppedPictures <= 6)
        #expect(Traffic.largestWindow(pair.wireThere) <= 3050)
    }

    @Test func aLossyLinkIsNoticedAndForgotten() {
        var follower = LossFollower()
        #expect(!follower.isLossy)
        for _ in 0..<5 { follower.take(0.1) }
        #expect(follower.isLossy)
        for _ in 0..<5 { follower.take(0) }
        #expect(follower.isLossy)
        for _ in 0..<30 { follower.take(0) }
        #expect(!follower.isLossy)
    }
}
