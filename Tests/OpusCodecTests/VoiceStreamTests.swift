import Media
import OpusCodec
import Testing

@Suite struct VoiceStreamTests {
    /// Feeds sound in uneven pieces, as devices give it.
    private static func code(
        _ sound: [Float], _ settings: VoiceSettings, groupTicks: Int, from first: Int = 0
    ) throws -> [CodedVoice] {
        let encoder = try VoiceStreamEncoder(settings, groupTicks: groupTicks)
        var random = SplitMix64(seed: 5)
        var groups: [CodedVoice] = []
        var start = 0
        while start < sound.count {
            let end = min(sound.count, start + Int(random.next() % 4000) + 1)
            let frame = AudioFrame(
                time: MediaTime(sample: first + start), samples: Array(sound[start..<end]))
            groups += try encoder.encode(frame)
            start = end
        }
        return groups + (try encoder.finish())
    }

    private static func decode(_ groups: [CodedVoice]) throws -> [Float] {
        let decoder = try VoiceStreamDecoder()
        return groups.flatMap { voice in
            voice.packet.map { decoder.decode($0, at: voice.start).samples }
                ?? decoder.silence(ticks: voice.tickCount, at: voice.start).samples
        }
    }

    @Test(arguments: [(2, 2), (3, 6), (2, 8), (1, 1), (1, 6), (1, 32)])
    func soundComesOutWhereItWentIn(frame: Int, group: Int) throws {
        let duration = try #require(VoiceSettings.FrameDuration(rawValue: frame))
        let sound = Sounds.speech(samples: 3 * 48_000)
        let groups = try Self.code(
            sound, VoiceSettings(bitrate: 24_000, frameDuration: duration), groupTicks: group)
        // Without a gap, each group on its own ticks.
        var place = VoiceTick.zero
        for voice in groups {
            #expect(voice.start == place)
            place = voice.end
        }
        #expect(Int(place.rawValue).isMultiple(of: group))
        let copy = try Self.decode(groups)
        let lag = Sounds.lag(of: copy, behind: sound, range: 100)
        #expect(abs(try #require(lag)) <= 12, "a quarter of a millisecond")
        #expect(Sounds.segmentalSNR(sound, copy) > 3)
    }

    @Test func framesOfADatagramShareAPacket() throws {
        let sound = Sounds.tone(300, samples: 48_000)
        let groups = try Self.code(
            sound, VoiceSettings(bitrate: 6000, frameDuration: .milliseconds60), groupTicks: 6)
        let whole = groups.dropLast().compactMap(\.packet)
        #expect(whole.count == groups.count - 1)
        #expect(whole.allSatisfy { $0.tickCount == 6 })
    }

    @Test func silenceIsLeftOut() throws {
        let settings = VoiceSettings(bitrate: 8000, frameDuration: .milliseconds60)
        let quiet = [Float](repeating: 0, count: 5 * 48_000)
        let speech = Sounds.speech(samples: 48_000)
        let groups = try Self.code(quiet + speech + quiet, settings, groupTicks: 6)
        let bytes = groups.dropFirst(20).prefix(20).compactMap(\.packet?.bytes.count).reduce(0, +)
        #expect(bytes < 100, "in 2.4 s of silence")
        // Nothing of the sound's time line is missing for it.
        let copy = try Self.decode(groups)
        #expect(copy.count == groups.map(\.tickCount).reduce(0, +) * VoiceTick.samples)
        #expect(Sounds.loudness(copy[240_000..<288_000]) > 0.02)
        #expect(Sounds.loudness(copy[48_000..<230_000]) < 0.001)
    }

    @Test func gapsBecomeSilenceAndOverlapsAreCutOff() throws {
        let encoder = try VoiceStreamEncoder(
            VoiceSettings(bitrate: 24_000, frameDuration: .milliseconds20), groupTicks: 2)
        let tone = Sounds.tone(300, samples: 48_000)
        var groups = try encoder.encode(AudioFrame(time: .zero, samples: Array(tone[..<9600])))
        // Half of this is known already.
        groups += try encoder.encode(
            AudioFrame(time: MediaTime(sample: 4800), samples: Array(tone[4800..<14_400])))
        groups += try encoder.encode(AudioFrame(time: .zero, samples: Array(tone[..<4800])))
        // And a second of nothing.
        groups += try encoder.encode(
            AudioFrame(time: MediaTime(sample: 62_400), samples: Array(tone[..<9600])))
        groups += try encoder.finish()
        #expect(groups.last?.end == VoiceTick(76))
        let copy = try Self.decode(groups)
        #expect(Sounds.segmentalSNR(tone, Array(copy[..<14_000])) > 6)
        #expect(Sounds.loudness(copy[24_000..<60_000]) < 0.01)
        #expect(Sounds.loudness(copy[64_000..<71_000]) > 0.1)
    }

    @Test func lostGroupsAreConcealedAtTheirLength() throws {
        var settings = VoiceSettings(bitrate: 24_000, frameDuration: .milliseconds60)
        settings.expectedLoss = 20
        let sound = Sounds.speech(samples: 4 * 48_000)
        let groups = try Self.code(sound, settings, groupTicks: 6)
        let decoder = try VoiceStreamDecoder()
        var copy: [Float] = []
        for (index, voice) in groups.enumerated() {
            let next = index + 1 < groups.count ? groups[index + 1].packet : nil
            let frame =
                if index % 5 == 3 {
                    decoder.conceal(ticks: voice.tickCount, at: voice.start, before: next)
                } else if let packet = voice.packet {
                    decoder.decode(packet, at: voice.start)
                } else {
                    decoder.silence(ticks: voice.tickCount, at: voice.start)
                }
            #expect(frame.firstSample == copy.count)
            copy += frame.samples
        }
        #expect(decoder.concealedSamples == (groups.count + 1) / 5 * 5760)
        #expect(Sounds.segmentalSNR(sound, copy) > 1)
    }

    @Test func damagedPacketsAreConcealedAndCounted() throws {
        let decoder = try VoiceStreamDecoder()
        var random = SplitMix64(seed: 2)
        var samples = 0
        for _ in 0..<500 {
            let count = Int(random.next() % 90) + 1
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            guard let packet = VoicePacket(bytes) else { continue }
            let frame = decoder.decode(packet, at: .zero)
            #expect(frame.samples.count == packet.tickCount * VoiceTick.samples)
            #expect(frame.samples.allSatisfy { $0.isFinite })
            samples += frame.samples.count
        }
        #expect(decoder.damagedPackets > 10)
        #expect(decoder.concealedSamples < samples)
    }
}
