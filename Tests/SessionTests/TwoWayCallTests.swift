import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// Both directions at once, over one pair of addresses and with one call identifier.
@Suite struct TwoWayCallTests {
    private struct Ends {
        var calls: [TwoWayCall]
        var links: [EmulatedLink]
        var addresses: [NetworkAddress]
        var now = Instant.zero
        var sent: [[SendSession.Event]] = [[], []]
        var received: [[ReceiveSession.Event]] = [[], []]
        var wire: [[(Instant, Int)]] = [[], []]

        init(
            _ conditions: LinkConditions, rate: Bitrate, sharesDatagrams: Bool = true
        ) throws {
            let plan = try #require(CallPlan(rate: rate, hasSound: true))
            let hello = try #require(
                HelloFrame(
                    size: .standard, rate: .standard, keypointCount: 20, promisedRate: rate,
                    weightsHash: Pair.hash))
            calls = (0..<2).map { _ in
                TwoWayCall(
                    sender: SendSession(
                        call: CallIdentifier(77), hello: hello, hasSound: true,
                        interval: plan.interval, at: .zero),
                    receiver: Pair.receiver(.live, at: .zero), sharesDatagrams: sharesDatagrams)
            }
            links = [EmulatedLink(conditions, seed: 1), EmulatedLink(conditions, seed: 2)]
            addresses = try [4000, 5000].map {
                try #require(NetworkAddress(bytes: [127, 0, 0, 1], port: $0))
            }
        }

        mutating func run(until end: Instant) {
            while true {
                var wakes: [Instant] = []
                for side in 0..<2 {
                    while let bytes = links[1 - side].receive(at: now) {
                        calls[side].receive(bytes.span, from: addresses[1 - side], at: now)
                    }
                    if let wake = drain(side) { wakes.append(wake) }
                }
                wakes += links.compactMap(\.nextArrival)
                guard let next = wakes.min(), next <= end else { break }
                now = max(now, next)
            }
            now = end
        }

        private mutating func drain(_ side: Int) -> Instant? {
            while true {
                switch calls[side].poll(at: now) {
                case .transmit(let bytes):
                    wire[side].append((now, bytes.count + 3 + 28))
                    links[side].send(bytes, at: now)
                case .sent(let event): sent[side].append(event)
                case .received(let event): received[side].append(event)
                case .wait(let wake): return wake
                }
            }
        }
    }

    /// Twelve seconds of both ends' pictures and voice, and the goodbyes.
    private func call(
        loss: Double, rate: Bitrate, sharesDatagrams: Bool = true
    ) throws -> Ends {
        var conditions = LinkConditions()
        conditions.delay = .milliseconds(40)
        conditions.loss = .init(random: loss)
        var ends = try Ends(conditions, rate: rate, sharesDatagrams: sharesDatagrams)
        for side in 0..<2 {
            let source = SourceTests.source(UInt16(side), length: 900)
            ends.calls[side].sender.add(.source(source), at: ends.now)
            let set = try #require(SourceSet(number: .zero, sources: [source.identifier]))
            ends.calls[side].sender.add(.sourceSet(set), at: ends.now)
        }
        for place in 0..<150 {
            ends.run(until: ends.now.advanced(by: .milliseconds(80)))
            for side in 0..<2 {
                let marks = [UInt8](repeating: UInt8(side), count: 60)
                let packet = try #require(VoicePacket([2 << 3 | 1] + marks))
                let voice = try #require(
                    CodedVoice(start: VoiceTick(UInt32(place * 4)), packet: packet))
                let unit = try #require(
                    CodedKeypoints(
                        firstPicture: PictureNumber(UInt32(place * 2)), pictureCount: 2,
                        sourceSet: .zero, reference: .source(SourceIdentifier(UInt16(side))),
                        payload: [UInt8](repeating: UInt8(side), count: 10)))
                ends.calls[side].sender.add(.voice(voice), at: ends.now)
                ends.calls[side].sender.add(.keypoints(unit), at: ends.now)
            }
        }
        for side in 0..<2 { ends.calls[side].sender.end(.finished, at: ends.now) }
        ends.run(until: ends.now.advanced(by: .seconds(4)))
        return ends
    }

    /// What was sent alone of acknowledgements, and all of it, in bytes on the wire.
    private func cost(_ ends: Ends) -> (alone: Int, all: Int) {
        let counts = ends.calls.map(\.receiver.statistics)
        return (
            counts.reduce(0) { $0 + $1.sentDatagrams },
            ends.wire.flatMap(\.self).reduce(0) { $0 + $1.1 }
        )
    }

    /// Acknowledgements that go along with pictures and voice save their headers, and lose nothing.
    @Test(arguments: [16.0, 24])
    func acknowledgementsGoAlong(kilobits: Double) throws {
        let rate = Bitrate(kilobitsPerSecond: kilobits)
        let shared = try call(loss: 0, rate: rate)
        let apart = try call(loss: 0, rate: rate, sharesDatagrams: false)
        #expect(cost(shared).alone * 4 < cost(apart).alone)
        #expect(shared.calls.allSatisfy { $0.sender.statistics.feedback > .zero })
        #expect(apart.calls.allSatisfy { $0.sender.statistics.feedback == .zero })
        for side in 0..<2 {
            for ends in [shared, apart] {
                #expect(
                    Traffic.largestWindow(ends.wire[side])
                        <= rate.size(over: RatePromise.window).bytes)
                #expect(ends.sent[side].contains(.sourceSetAcknowledged(.zero)))
                #expect(ends.received[side].last == .ended(.bySender(.finished)))
            }
            // As many pictures are known to have arrived.
            func known(_ ends: Ends) -> Int {
                ends.sent[side].reduce(0) {
                    if case .picturesAcknowledged(_, let count) = $1 { $0 + count } else { $0 }
                }
            }
            #expect(known(shared) >= known(apart) - 6, "\(known(shared)), \(known(apart))")
        }
    }

    @Test(arguments: [0, 0.03])
    func bothWaysAtOnce(loss: Double) throws {
        let rate = Bitrate(kilobitsPerSecond: 24)
        let ends = try call(loss: loss, rate: rate)
        for side in 0..<2 {
            #expect(ends.sent[side].contains(.sourceSetAcknowledged(.zero)))
            #expect(ends.sent[side].last == .ended(.finished(.finished)))
            #expect(ends.received[side].last == .ended(.bySender(.finished)))
            // What came in is the other one's.
            let other = UInt8(1 - side)
            for case .keypoints(let unit) in ends.received[side] {
                #expect(unit.payload.allSatisfy { $0 == other })
            }
            let shown = ends.received[side].count {
                if case .play(_, isThere: true) = $0 { true } else { false }
            }
            #expect(shown > (loss == 0 ? 270 : 220))
            #expect(
                Traffic.largestWindow(ends.wire[side])
                    <= rate.size(over: RatePromise.window).bytes)
        }
    }
}
