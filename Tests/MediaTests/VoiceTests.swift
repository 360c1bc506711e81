import Media
import Testing

@Suite struct VoiceTests {
    @Test func samplesHaveTimesThatLeadBack() {
        for sample in [0, 1, 2, 3, 47, 48, 959, 48_000, 123_456_789, 48_000 * 86_400 - 1, -1, -480]
        {
            #expect(MediaTime(sample: sample).sample == sample)
        }
        #expect(MediaTime(sample: 960) == VoiceTick(1).time)
        #expect(AudioFrame(time: MediaTime(sample: 5), samples: [0, 0]).endSample == 7)
    }

    @Test func ticksOfPictures() throws {
        #expect(VoiceTick(of: PictureNumber(3), at: .standard) == VoiceTick(6))
        let thirty = try #require(PictureRate(picturesPerSecond: 30))
        #expect(VoiceTick(of: PictureNumber(2), at: thirty) == VoiceTick(3))
        let one = try #require(PictureRate(picturesPerSecond: 1))
        #expect(VoiceTick(of: PictureNumber(.max), at: one) == nil)
        #expect(VoiceTick(.max).advanced(by: 1) == nil)
    }

    /// First bytes of RFC 6716, section 3.1: configuration × 8 + stereo × 4 + frame count code.
    @Test(
        arguments: [
            ([3 << 3], 3), ([2 << 3], 2), ([1 << 3 | 4], 1), ([3 << 3 | 1, 0, 0], 6),
            ([3 << 3 | 2, 0], 6), ([1 << 3 | 3, 4], 4), ([0 << 3 | 3, 2], 1),
            ([16 << 3 | 3, 48], 6), ([31 << 3], 1), ([13 << 3 | 3, 0x80 | 6], 6),
        ] as [([UInt8], Int)])
    func packetsSayHowLongTheyLast(bytes: [UInt8], ticks: Int) {
        #expect(VoicePacket(bytes)?.tickCount == ticks)
    }

    @Test(
        arguments: [
            [], [0 << 3], [12 << 3], [28 << 3], [3 << 3 | 3], [3 << 3 | 3, 0], [3 << 3 | 3, 3],
            [1 << 3 | 3, 7], [16 << 3 | 3, 49],
        ] as [[UInt8]])
    func otherPacketsAreNone(bytes: [UInt8]) {
        #expect(VoicePacket(bytes) == nil)
    }

    @Test func voiceEndsBeforeTheNumbersDo() throws {
        let packet = try #require(VoicePacket([1 << 3]))
        #expect(CodedVoice(start: VoiceTick(.max), packet: packet) == nil)
        #expect(CodedVoice(start: VoiceTick(.max - 1), packet: packet)?.end == VoiceTick(.max))
        #expect(CodedVoice(silentFrom: .zero, ticks: 0) == nil)
    }
}
