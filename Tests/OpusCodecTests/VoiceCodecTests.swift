import Foundation
import Media
import OpusCodec
import TestSupport
import Testing

@Suite struct VoiceCodecTests {
    private static func settings(
        _ bitrate: Int, _ duration: VoiceSettings.FrameDuration = .milliseconds60,
        dtx: Bool = true, loss: Int = 0
    ) -> VoiceSettings {
        var settings = VoiceSettings(bitrate: bitrate, frameDuration: duration)
        settings.leavesSilenceOut = dtx
        settings.expectedLoss = loss
        return settings
    }

    /// Every frame of some sound, coded.
    private static func code(_ sound: [Float], _ settings: VoiceSettings) throws -> [[UInt8]] {
        let encoder = try OpusVoiceEncoder(settings)
        return try stride(
            from: 0, through: sound.count - encoder.frameLength, by: encoder.frameLength
        )
        .map { try encoder.encode(Array(sound[$0..<$0 + encoder.frameLength])) }
    }

    /// Sound through both ends, the look-ahead taken out.
    private static func roundTrip(_ sound: [Float], _ settings: VoiceSettings) throws -> [Float] {
        let decoder = try OpusVoiceDecoder()
        let decoded = try code(sound, settings).flatMap { try decoder.decode($0) }
        return Array(decoded.dropFirst(try OpusVoiceEncoder(settings).lookahead))
    }

    /// Told of loss at 9 kbit/s, libopus stays with narrowband (RFC 6716, table 2: configuration 2), which is what helps.
    @Test func toldOfLossNineKilobitsStayNarrow() throws {
        let speech = Sounds.speech(samples: 96_000)
        for (loss, configuration) in [(0, 10), (10, 2)] as [(Int, UInt8)] {
            let packets = try Self.code(
                speech, Self.settings(9000, .milliseconds40, loss: loss))
            let spoken = packets.filter { !OpusVoiceEncoder.isSilence($0) }
            #expect(spoken.count > 30)
            #expect(spoken.count { $0[0] >> 3 == configuration } * 10 >= spoken.count * 9)
        }
    }

    @Test func lossIsToldOnlyWhereThatHelps() {
        #expect(VoiceSettings.toldLoss(0.1, bitrate: 9000) == 10)
        #expect(VoiceSettings.toldLoss(0.001, bitrate: 9187) == 5)
        #expect(VoiceSettings.toldLoss(0.9, bitrate: 9000) == 50)
        for bitrate in [5000, 6000, 8000, 10_500, 12_000, 24_000] {
            #expect(VoiceSettings.toldLoss(0.1, bitrate: bitrate) == 0)
        }
        for share in [0, -1, .nan, .infinity] as [Double] {
            #expect(VoiceSettings.toldLoss(share, bitrate: 9000) == 0)
        }
    }

    @Test(arguments: VoiceSettings.FrameDuration.allCases)
    func aToneReturns(duration: VoiceSettings.FrameDuration) throws {
        let sound = Sounds.tone(440, samples: 96_000)
        let copy = try Self.roundTrip(sound, Self.settings(24_000, duration))
        let loudness = Sounds.loudness(copy.dropFirst(9600)) / Sounds.loudness(sound)
        #expect((0.9...1.1).contains(loudness))
        #expect(Sounds.segmentalSNR(Array(sound.dropFirst(9600)), Array(copy.dropFirst(9600))) > 6)
    }

    @Test func moreBitsBringSpeechNearer() throws {
        let sound = Sounds.speech(samples: 5 * 48_000)
        let ratios = try [6000, 12_000, 24_000].map {
            Sounds.segmentalSNR(sound, try Self.roundTrip(sound, Self.settings($0)))
        }
        #expect(ratios[0] > 0)
        #expect(ratios[1] > ratios[0] && ratios[2] > ratios[1])
    }

    @Test(arguments: [6000, 8000, 12_000, 16_000, 24_000])
    func theRateIsKept(bitrate: Int) throws {
        let sound = Sounds.speech(samples: 10 * 48_000)
        let bytes = try Self.code(sound, Self.settings(bitrate, dtx: false)).map(\.count)
        let rate = Double(bytes.reduce(0, +) * 8) / 10
        #expect(rate < Double(bitrate) * 1.05 && rate > Double(bitrate) * 0.4, "\(rate)")
    }

    /// RFC 6716, section 3.1, table 2: configurations 0–3 are narrowband, 8–11 wideband.
    @Test func theBandwidthFollowsTheRate() throws {
        let sound = Sounds.speech(samples: 96_000)
        let narrow = try #require(try Self.code(sound, Self.settings(6000)).last?.first)
        let wide = try #require(try Self.code(sound, Self.settings(16_000)).last?.first)
        #expect(narrow >> 5 == 0)
        #expect((8...11).contains(wide >> 3))
    }

    @Test(arguments: VoiceSettings.FrameDuration.allCases)
    func silenceCostsNextToNothing(duration: VoiceSettings.FrameDuration) throws {
        var random = SplitMix64(seed: 1)
        // Somebody speaks for two seconds, then there is a quiet room, at −70 dB.
        let sound =
            Sounds.speech(samples: 96_000)
            + (0..<10 * 48_000).map { _ in Float(random.unit() - 0.5) * 0.001 }
        let packets = try Self.code(sound, Self.settings(8000, duration))
        let settled = packets.dropFirst(packets.count / 3)
        let sent = settled.filter { !OpusVoiceEncoder.isSilence($0) }
        #expect(Double(sent.map(\.count).reduce(0, +) * 8) / 8 < 500, "bits a second")
        #expect(sent.count < settled.count / 6)
        let without = try Self.code(sound, Self.settings(8000, duration, dtx: false))
        #expect(without.allSatisfy { !OpusVoiceEncoder.isSilence($0) })
    }

    @Test func whatIsMissingIsConcealedAtItsLength() throws {
        let decoder = try OpusVoiceDecoder()
        let packets = try Self.code(Sounds.tone(300, samples: 48_000), Self.settings(16_000))
        for packet in packets.prefix(10) { _ = try decoder.decode(packet) }
        let concealed = try decoder.conceal(2880)
        #expect(concealed.count == 2880)
        // It goes on rather than falling silent.
        #expect(Sounds.loudness(concealed) > 0.05)
        for samples in [120, 960, 1920, 5760] {
            #expect(try decoder.conceal(samples).count == samples)
        }
        // And fades, rather than going on for ever.
        for _ in 0..<50 { _ = try decoder.conceal(960) }
        #expect(Sounds.loudness(try decoder.conceal(960)) < 0.02)
        for samples in [0, -120, 121, 5880] {
            #expect(throws: OpusError.duration(samples: samples)) { try decoder.conceal(samples) }
        }
    }

    @Test func aLostFrameReturnsFromTheNextOne() throws {
        let sound = Sounds.speech(samples: 5 * 48_000)
        let settings = Self.settings(24_000, loss: 20)
        let packets = try Self.code(sound, settings)
        let lookahead = try OpusVoiceEncoder(settings).lookahead
        // Every fourth frame is lost; with and without the copy in the frame that follows.
        let copies = try [true, false].map { recovers in
            let decoder = try OpusVoiceDecoder()
            var sound: [Float] = []
            for (index, packet) in packets.enumerated() {
                if index % 4 == 2, index + 1 < packets.count {
                    sound +=
                        recovers
                        ? try decoder.recover(2880, before: packets[index + 1])
                        : try decoder.conceal(2880)
                } else {
                    sound += try decoder.decode(packet)
                }
            }
            return Array(sound.dropFirst(lookahead))
        }
        let ratios = copies.map { Sounds.segmentalSNR(sound, $0) }
        #expect(copies[0].count == copies[1].count)
        #expect(ratios[0] > ratios[1] + 0.5, "\(ratios)")
    }

    @Test func badPacketsAreRefusedAndHarmless() throws {
        let decoder = try OpusVoiceDecoder()
        var random = SplitMix64(seed: 9)
        var refused = 0
        for _ in 0..<3000 {
            let count = Int(random.next() % 200)
            let packet = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            do throws(OpusError) {
                let sound = try decoder.decode(packet)
                #expect(sound.count <= OpusVoiceDecoder.largestPacket)
                #expect(sound.allSatisfy { $0.isFinite })
            } catch {
                guard case .corrupt(let reason) = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(!reason.isEmpty)
                refused += 1
            }
        }
        #expect((1..<3000).contains(refused))
        #expect(throws: OpusError.self) { try decoder.decode([]) }
        #expect(throws: OpusError.self) { try decoder.recover(960, before: []) }
        // 63 frames are more than a packet can hold.
        #expect(throws: OpusError.self) { try decoder.decode([0x0B, 0x3F, 1, 2, 3]) }
        #expect(try decoder.conceal(960).count == 960)
    }

    @Test func framesOfAnotherLengthAndNumbersThatAreNone() throws {
        let encoder = try OpusVoiceEncoder(Self.settings(8000))
        #expect(throws: OpusError.sampleCount(expected: 2880, found: 960)) {
            try encoder.encode([Float](repeating: 0, count: 960))
        }
        let strange: [Float] = [.nan, .infinity, -.infinity, 1e30]
        let packet = try encoder.encode((0..<2880).map { strange[$0 % 4] })
        let decoded = try OpusVoiceDecoder().decode(packet)
        #expect(decoded.allSatisfy { $0.isFinite })
        // Nothing of it stays.
        let tone = Sounds.tone(300, samples: 2880 * 20)
        let later = try stride(from: 0, to: tone.count, by: 2880).map {
            try encoder.encode(Array(tone[$0..<$0 + 2880]))
        }
        #expect(later.allSatisfy { $0.count > 10 })
    }

    @Test func settingsAreBroughtIntoRange() throws {
        #expect(Self.settings(1).bitrate == 5000)
        #expect(Self.settings(1_000_000).bitrate == 24_000)
        #expect(VoiceSettings.FrameDuration(filling: 6) == .milliseconds60)
        #expect(VoiceSettings.FrameDuration(filling: 4) == .milliseconds40)
        #expect(VoiceSettings.FrameDuration(filling: 5) == .milliseconds20)
        var settings = Self.settings(8000)
        settings.complexity = 11
        #expect(throws: OpusError.self) { _ = try OpusVoiceEncoder(settings) }
    }
}
