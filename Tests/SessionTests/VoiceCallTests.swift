import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// Calls with sound, on a virtual clock.
@Suite struct VoiceCallTests {
    /// Two frames of 60 ms, whose contents tell where they belong.
    private static func packet(_ start: Int) throws -> VoicePacket {
        let marks = [UInt8(truncatingIfNeeded: start), UInt8(truncatingIfNeeded: start >> 8)]
        return try #require(
            VoicePacket([3 << 3 | 1] + marks + [UInt8](repeating: 9, count: 88)))
    }

    /// Adds the sound of one datagram's pictures; silence where `speaks` says so.
    private static func addVoice(_ start: Int, _ pair: inout Pair, speaks: Bool = true) throws {
        let tick = VoiceTick(UInt32(start))
        let voice =
            speaks
            ? CodedVoice(start: tick, packet: try packet(start))
            : CodedVoice(silentFrom: tick, ticks: 6)
        pair.sender.add(.voice(try #require(voice)), at: pair.now)
    }

    /// A call of units of three pictures, each with its 120 ms of sound, which come `lag` later.
    private static func call(
        _ pair: inout Pair, units: Int, lag: Duration = .milliseconds(50),
        speaks: (Int) -> Bool = { _ in true }
    ) throws {
        try connect(&pair)
        let start = pair.now
        for unit in 0..<units {
            pair.run(until: start.advanced(by: .milliseconds(120 * unit + 80)))
            let keypoints = try #require(
                CodedKeypoints(
                    firstPicture: PictureNumber(UInt32(unit * 3)), pictureCount: 3,
                    sourceSet: .zero, reference: .source(SourceIdentifier(0)),
                    payload: Pair.payload(unit)))
            pair.sender.add(.keypoints(keypoints), at: pair.now)
            pair.run(for: lag)
            try addVoice(unit * 6, &pair, speaks: speaks(unit))
            pair.run(until: pair.now)
        }
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(12))
    }

    private static func connect(_ pair: inout Pair) throws {
        let source = CodedSource(
            identifier: SourceIdentifier(0), payload: [UInt8](repeating: 1, count: 900))
        try pair.introduce(source)
    }

    private static func plays(_ pair: Pair) -> [VoicePlay] {
        pair.received.compactMap { if case .voice(let play) = $0.1 { play } else { nil } }
    }

    /// Whatever happens, sound is played tick after tick.
    private static func expectNoGap(_ plays: [VoicePlay], from first: Int = 0) {
        var place = first
        for play in plays {
            #expect(Int(play.start.rawValue) == place)
            place += play.tickCount
        }
    }

    @Test(arguments: [Playout.live, .recording])
    func soundComesWithItsPictures(playout: Playout) throws {
        var pair = try Pair(playout: playout, hasSound: true)
        try Self.call(&pair, units: 50)
        let plays = Self.plays(pair)
        #expect(plays.count == 50)
        for (index, play) in plays.enumerated() {
            let packet = try Self.packet(index * 6)
            #expect(play == .packet(packet, at: VoiceTick(UInt32(index * 6))))
        }
        // Played in the same instant as the picture it belongs to, and before it.
        for (place, (instant, event)) in pair.received.enumerated() {
            guard case .voice(let play) = event else { continue }
            let (later, picture) = pair.received[place + 1]
            #expect(later == instant)
            guard case .play(let number, isThere: true) = picture else {
                Issue.record("no picture after its sound")
                continue
            }
            #expect(VoiceTick(of: number, at: .standard) == play.start)
        }
        #expect(pair.missed.isEmpty)
        #expect(pair.sender.statistics.voicePackets == 50)
        // Type and packet, which goes on to the end; and no datagram of its own.
        #expect(pair.sender.statistics.voice == DataSize(bytes: 50 * (1 + 91)))
    }

    @Test func aCallWithoutSoundCostsNothingForIt() throws {
        var silent = try Pair()
        try Self.call(&silent, units: 50)
        #expect(Self.plays(silent).isEmpty)
        #expect(silent.sender.statistics.voicePackets == 0)
        #expect(silent.sender.statistics.unsentVoicePackets == 50)
        // With sound that is all silence only the hello differs, by two bytes.
        var quiet = try Pair(hasSound: true)
        try Self.call(&quiet, units: 50) { _ in false }
        let difference =
            quiet.sender.statistics.sent.bytes - silent.sender.statistics.sent.bytes
        #expect(quiet.sender.statistics.sentDatagrams == silent.sender.statistics.sentDatagrams)
        #expect(difference > 0 && difference <= 2 * 3)
        #expect(Self.plays(quiet).allSatisfy { if case .silence = $0 { true } else { false } })
        Self.expectNoGap(Self.plays(quiet))
    }

    @Test func picturesGoOnWhereTheMicrophoneStops() throws {
        var pair = try Pair(playout: .live, hasSound: true)
        try Self.connect(&pair)
        try pair.stream(pictures: 90)
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(3))
        #expect(pair.played.map(\.number) == Array(0..<90))
        #expect(pair.missed.isEmpty)
    }

    @Test func soundGoesOnWhereTheCameraStops() throws {
        var pair = try Pair(playout: .live, hasSound: true)
        try Self.connect(&pair)
        let start = pair.now
        for unit in 0..<20 {
            pair.run(until: start.advanced(by: .milliseconds(120 * unit + 120)))
            if !(5..<10).contains(unit) {
                let keypoints = try #require(
                    CodedKeypoints(
                        firstPicture: PictureNumber(UInt32(unit * 3)), pictureCount: 3,
                        sourceSet: .zero, reference: .source(SourceIdentifier(0)),
                        payload: Pair.payload(unit)))
                pair.sender.add(.keypoints(keypoints), at: pair.now)
            }
            try Self.addVoice(unit * 6, &pair)
            pair.run(until: pair.now)
        }
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(3))
        let plays = Self.plays(pair)
        Self.expectNoGap(plays)
        let packets = plays.filter { if case .packet = $0 { true } else { false } }
        // The first of them is late by the time that it waited for its pictures.
        #expect(packets.count >= 19)
        #expect(pair.missed.count == 15)
    }

    @Test func whatIsLostIsSaidAndWhatFollowsIsThereToHelp() throws {
        var conditions = LinkConditions()
        conditions.loss = .init(random: 0.1)
        conditions.delay = .milliseconds(30)
        var pair = try Pair(conditions, seed: 11, hasSound: true)
        try Self.call(&pair, units: 300)
        let plays = Self.plays(pair)
        Self.expectNoGap(plays, from: Int(plays.first?.start.rawValue ?? 0))
        var helped = 0
        var lost = 0
        for play in plays {
            switch play {
            case .packet(let packet, let start):
                let sent = try Self.packet(Int(start.rawValue))
                #expect(packet == sent)
            case .silence: Issue.record("silence where somebody speaks")
            case .lost(let ticks, let start, let next):
                lost += ticks
                guard let next else { continue }
                #expect(ticks == 6)
                let following = try Self.packet(Int(start.rawValue) + 6)
                #expect(next == following)
                helped += 1
            }
        }
        #expect(lost == pair.receiver.statistics.lostVoiceTicks)
        #expect(lost == 2 * pair.missed.count)
        // A recording has the time to see the end of most gaps.
        #expect(helped > 15)
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func badLinksLeaveNoGap(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var conditions = LinkConditions()
        conditions.loss = .init(random: random.unit() * 0.2)
        conditions.delay = .milliseconds(Int(random.unit() * 300))
        conditions.jitter = .milliseconds(Int(random.unit() * 100))
        conditions.reordering = random.unit() * 0.1
        conditions.duplication = random.unit() * 0.1
        conditions.corruption = random.unit() * 0.02
        var pair = try Pair(
            conditions, seed: seed, playout: seed.isMultiple(of: 2) ? .live : .recording,
            hasSound: true)
        try Self.call(&pair, units: 150) { !($0 / 10).isMultiple(of: 3) }
        let plays = Self.plays(pair)
        Self.expectNoGap(plays, from: Int(plays.first?.start.rawValue ?? 0))
        // Sound and pictures cover the same time.
        if let first = pair.played.first, let last = pair.played.last, let voice = plays.last {
            #expect(plays.first?.start == VoiceTick(UInt32(2 * first.number)))
            let end = Int(voice.start.rawValue) + voice.tickCount
            #expect((0...6).contains(end - 2 * (last.number + 1)))
        }
    }

    @Test func longSoundGoesInDatagramsOfItsOwn() throws {
        var pair = try Pair(hasSound: true)
        try Self.connect(&pair)
        let before = pair.sender.statistics.sentDatagrams
        let keypoints = try #require(
            CodedKeypoints(
                firstPicture: .zero, pictureCount: 6, sourceSet: .zero,
                reference: .source(SourceIdentifier(0)),
                payload: [UInt8](repeating: 1, count: 700)))
        for part in 0..<2 {
            let bytes = [3 << 3 | 1] + [UInt8](repeating: UInt8(part), count: 900)
            let packet = try #require(VoicePacket(bytes))
            let voice = try #require(
                CodedVoice(start: VoiceTick(UInt32(part * 6)), packet: packet))
            pair.sender.add(.voice(voice), at: pair.now)
        }
        pair.sender.add(.keypoints(keypoints), at: pair.now)
        pair.run(for: .milliseconds(1))
        #expect(pair.sender.statistics.sentDatagrams - before >= 3)
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(3))
        let plays = Self.plays(pair)
        Self.expectNoGap(plays)
        #expect(plays.count == 2)
        #expect(plays.allSatisfy { if case .packet = $0 { true } else { false } })
    }

    /// Sound without end from the peer itself: state stays within its bounds.
    @Test func aPeerCannotMakeTheReceiverGrow() throws {
        var pair = try Pair(hasSound: true)
        try Self.connect(&pair)
        for index in 0..<4000 {
            let voice = VoiceFrame(
                start: VoiceTick(UInt32(index * 1000)), packet: try Self.packet(index))
            let frames = [Frame.voice(voice), .voice(VoiceFrame(start: nil, packet: voice.packet))]
            let bytes = Pair.datagram(frames, number: UInt64(100 + index))
            pair.receiver.receive(bytes.span, from: pair.peer, at: pair.now)
        }
        // Those within a minute are kept, each tick once.
        #expect(pair.receiver.statistics.voicePackets <= 60 * VoiceTick.perSecond / 6)
        #expect(
            pair.receiver.statistics.voicePackets + pair.receiver.statistics.unusedVoicePackets
                == 8000)
    }
}
