import Media
import NetworkEmulation
import OpusCodec
import Session
import Testing
import WireFormat

/// Ten minutes of a call on a virtual clock, all of it real but for the pictures' contents.
@Suite struct LipSyncTests {
    /// Claps of 20 ms, one each ten seconds, and silence.
    private static func sound(second: Int) -> [Float] {
        var samples = [Float](repeating: 0, count: 48_000)
        if second % 10 == 5 {
            for index in 0..<960 { samples[index] = index / 24 % 2 == 0 ? 0.6 : -0.6 }
        }
        return samples
    }

    /// The call's sending end, driven by the receiving one's clock.
    private struct Call {
        var sender: SendSession
        var receiver: ReceiveSession
        var there: EmulatedLink
        var back: EmulatedLink
        var now = Instant.zero
        var heard: [AudioFrame] = []
        var seen: [(number: Int, at: Instant)] = []
        var soundAt: [(sample: Int, at: Instant)] = []
        let decoder: VoiceStreamDecoder
        let peer: NetworkAddress

        mutating func run(until end: Instant) {
            while true {
                var wakes: [Instant] = []
                while let bytes = there.receive(at: now) {
                    receiver.receive(bytes.span, from: peer, at: now)
                }
                while let bytes = back.receive(at: now) { sender.receive(bytes.span, at: now) }
                drain(&wakes)
                wakes += [there.nextArrival, back.nextArrival].compactMap(\.self)
                guard let next = wakes.min(), next <= end else { break }
                now = max(now, next)
            }
            now = end
        }

        private mutating func drain(_ wakes: inout [Instant]) {
            sending: while true {
                switch sender.poll(at: now) {
                case .transmit(let bytes): there.send(bytes, at: now)
                case .event: break
                case .wait(let wake):
                    if let wake { wakes.append(wake) }
                    break sending
                }
            }
            while true {
                switch receiver.poll(at: now) {
                case .transmit(let bytes, _): back.send(bytes, at: now)
                case .event(let event): take(event)
                case .wait(let wake):
                    if let wake { wakes.append(wake) }
                    return
                }
            }
        }

        private mutating func take(_ event: ReceiveSession.Event) {
            switch event {
            case .play(let number, _): seen.append((Int(number.rawValue), now))
            case .voice(let play):
                let frame =
                    switch play {
                    case .packet(let packet, let start): decoder.decode(packet, at: start)
                    case .silence(let ticks, let start):
                        decoder.silence(ticks: ticks, at: start)
                    case .lost(let ticks, let start, let next):
                        decoder.conceal(ticks: ticks, at: start, before: next)
                    }
                soundAt.append((frame.firstSample, now))
                heard.append(frame)
            default: break
            }
        }
    }

    private static func call(loss: Double) throws -> Call {
        let hash = [UInt8](repeating: 7, count: HelloFrame.hashLength)
        let hello = try #require(
            HelloFrame(
                size: .standard, rate: .standard, keypointCount: 20,
                promisedRate: Bitrate(kilobitsPerSecond: 24), weightsHash: hash))
        var conditions = LinkConditions()
        conditions.loss = .init(random: loss)
        conditions.delay = .milliseconds(50)
        conditions.jitter = .milliseconds(20)
        return Call(
            sender: SendSession(call: CallIdentifier(1), hello: hello, hasSound: true, at: .zero),
            receiver: ReceiveSession(
                expecting: HelloExpectation(
                    size: .standard, rate: .standard, keypointCount: 20, weightsHash: hash),
                playout: .recording, at: .zero),
            there: EmulatedLink(conditions, seed: 3), back: EmulatedLink(conditions, seed: 4),
            decoder: try VoiceStreamDecoder(),
            peer: try #require(NetworkAddress(bytes: [127, 0, 0, 1], port: 1)))
    }

    @Test(arguments: [0, 0.02])
    func soundAndPicturesStayTogetherForTenMinutes(loss: Double) throws {
        var call = try Self.call(loss: loss)
        let coder = try VoiceStreamEncoder(
            VoiceSettings(bitrate: 12_000, frameDuration: .milliseconds60), groupTicks: 6)
        while !call.sender.isConnected { call.run(until: call.now.advanced(by: .milliseconds(20))) }
        let source = CodedSource(
            identifier: SourceIdentifier(0), payload: [UInt8](repeating: 1, count: 900))
        call.sender.add(.source(source), at: call.now)
        let set = try #require(SourceSet(number: .zero, sources: [source.identifier]))
        call.sender.add(.sourceSet(set), at: call.now)
        call.run(until: call.now.advanced(by: .seconds(3)))
        #expect(call.sender.isAcknowledged(.zero))
        let start = call.now
        for second in 0..<601 {
            // The sound of a second, then its pictures, each when it is taken: three to a unit.
            let frame = AudioFrame(
                time: MediaTime(sample: second * 48_000), samples: Self.sound(second: second))
            for voice in try coder.encode(frame) { call.sender.add(.voice(voice), at: call.now) }
            for picture in (second - 1) * 25..<second * 25 where picture >= 0 && picture % 3 == 2 {
                call.run(until: start.advanced(by: .milliseconds(40 * picture)))
                let unit = try #require(
                    CodedKeypoints(
                        firstPicture: PictureNumber(UInt32(picture - 2)), pictureCount: 3,
                        sourceSet: .zero, reference: .source(source.identifier),
                        payload: [1, 2, 3, 4]))
                call.sender.add(.keypoints(unit), at: call.now)
            }
        }
        call.sender.end(.finished, at: call.now)
        call.run(until: call.now.advanced(by: .seconds(5)))

        // No sample too many or too few in ten minutes.
        let samples = call.heard.flatMap(\.samples)
        for (frame, next) in zip(call.heard, call.heard.dropFirst()) {
            #expect(frame.endSample == next.firstSample)
        }
        #expect(call.heard.first?.firstSample == 0)
        #expect(call.seen.count >= 14_990)
        #expect(abs(samples.count - call.seen.count * 1920) <= 5760)
        // Each clap is where it was, to the millisecond, from the first to the last.
        var late: [Double] = []
        for second in stride(from: 5, to: 600, by: 10) {
            let place = second * 48_000
            let around = samples[place - 24_000..<place + 24_000]
            guard let onset = around.firstIndex(where: { abs($0) > 0.2 }) else { continue }
            late.append(Double(onset - place) / 48)
        }
        #expect(late.count >= (loss == 0 ? 60 : 50))
        #expect(late.allSatisfy { abs($0) < (loss == 0 ? 2 : 40) }, "\(late)")
        // And is handed out in the very instant of its picture.
        let instants = Dictionary(uniqueKeysWithValues: call.seen.map { ($0.number, $0.at) })
        for (sample, instant) in call.soundAt {
            let picture = sample / 1920
            if let seen = instants[picture] { #expect(instant == seen) }
        }
    }
}
