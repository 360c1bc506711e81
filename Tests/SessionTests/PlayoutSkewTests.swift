import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// An hour of calls between two clocks that do not agree.
@Suite struct PlayoutSkewTests {
    /// The sender's clock runs faster or slower by so many parts in a million: over an hour that is 0.7 s, which
    /// neither pile up as delay nor are missing in the end.
    @Test(arguments: [-200, 0, 200])
    func playoutFollowsTheSendersClockForAnHour(skew: Int) throws {
        var link = LinkConditions()
        link.delay = .milliseconds(50)
        link.jitter = .milliseconds(20)
        let rate = Bitrate(kilobitsPerSecond: 24)
        var pair = try Pair(link, seed: 5, playout: .live, hasSound: true, rate: rate)
        try pair.introduce(SourceTests.source(0, length: 900))
        let start = pair.now
        // A second of the sender's clock takes so long.
        let second = Duration.nanoseconds(1_000_000_000 * 1_000_000 / (1_000_000 + Int64(skew)))
        var delays: [Duration] = []
        for unit in 0..<30_000 {
            pair.run(until: start.advanced(by: second * (unit * 3 + 3) / 25))
            let keypoints = try #require(
                CodedKeypoints(
                    firstPicture: PictureNumber(UInt32(unit * 3)), pictureCount: 3,
                    sourceSet: .zero, reference: .source(SourceIdentifier(0)),
                    payload: [1, 2, 3, 4, 5, 6]))
            let packet = try #require(
                VoicePacket([3 << 3 | 1] + [UInt8](repeating: 7, count: 80)))
            let voice = try #require(
                CodedVoice(start: VoiceTick(UInt32(unit * 6)), packet: packet))
            pair.sender.add(.voice(voice), at: pair.now)
            pair.sender.add(.keypoints(keypoints), at: pair.now)
            if unit % 500 == 499 {
                delays.append(pair.receiver.statistics.playoutDelay)
                pair.received.removeAll()
                pair.sent.removeAll()
            }
        }
        let counts = pair.receiver.statistics
        let late = delays.map { Int(($0.seconds * 1000).rounded()) }
        print(
            "clocks \(skew) ppm apart, an hour: delay \(late.min() ?? 0) to \(late.max() ?? 0) ms,",
            "\(counts.lostPictures) of 90000 pictures late, \(counts.skippedPictures) left out")
        let first = try #require(delays.first)
        #expect(delays.allSatisfy { abs(($0 - first).seconds) < 0.04 })
        // Three of a hundred may be late by choice.
        #expect(counts.lostPictures < 2700 && counts.skippedPictures <= 25)
        #expect(counts.pictures > 87_000)
        #expect(counts.lostVoiceTicks < 5400)
    }
}
