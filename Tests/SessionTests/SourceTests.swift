import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// Sources on their way, and when there is something to see.
@Suite struct SourceTests {
    static func source(_ identifier: UInt16, length: Int) -> CodedSource {
        CodedSource(
            identifier: SourceIdentifier(identifier),
            payload: (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(identifier)) })
    }

    private static func time(
        _ pair: Pair, of event: (ReceiveSession.Event) -> Bool
    ) -> Duration? {
        pair.received.first { event($0.1) }.map { $0.0.since(.zero) }
    }

    /// The product's rate, a voice that never pauses, a coarse source of 500 bytes and a full one.
    @Test(arguments: [50, 100, 200, 400, 600], [0.0, 0.02])
    func somethingToSeeWithinASecondAndAHalf(roundTrip: Int, loss: Double) throws {
        let plan = try #require(CallPlan(rate: Bitrate(kilobitsPerSecond: 12.2), hasSound: true))
        var conditions = LinkConditions()
        conditions.delay = .milliseconds(roundTrip / 2)
        conditions.rate = plan.rate
        conditions.loss = .init(random: loss)
        var traffic = Traffic(plan, seed: 7)
        var pair = try traffic.pair(conditions, seed: 7)
        pair.sender.add(.source(Self.source(0, length: 500)), at: pair.now)
        let set = try #require(SourceSet(number: .zero, sources: [SourceIdentifier(0)]))
        pair.sender.add(.sourceSet(set), at: pair.now)
        pair.sender.add(.source(Self.source(1, length: 2000)), at: pair.now)
        try traffic.run(&pair, for: .seconds(25))
        let coarse = try #require(
            Self.time(pair) {
                if case .source(let source) = $0 { source.payload.count == 500 } else { false }
            })
        let full = try #require(
            Self.time(pair) {
                if case .source(let source) = $0 { source.payload.count == 2000 } else { false }
            })
        let moving = try #require(
            Self.time(pair) { if case .play(_, isThere: true) = $0 { true } else { false } })
        let voice = try #require(
            Self.time(pair) { if case .voice(.packet) = $0 { true } else { false } })
        // The figures of this test, for who wants to know more than that they are good enough.
        print(
            "round trip \(roundTrip) ms, loss \(loss): voice \(voice), coarse source \(coarse), moving \(moving), full source \(full)"
        )
        if loss == 0 { #expect(coarse <= .milliseconds(1500)) }
        #expect(full < .seconds(20))
        #expect(Traffic.largestWindow(pair.wireThere) <= 3050)
    }

    @Test func whatAnEarlierCallBroughtDoesNotComeAgain() throws {
        var first = try Pair()
        first.run(for: .milliseconds(10))
        try first.introduce(Self.source(0, length: 3000))
        // The second source is cut off in the middle.
        first.sender.add(.source(Self.source(1, length: 100_000)), at: first.now)
        first.run(for: .milliseconds(400))
        first.receiver.end(.finished, at: first.now)
        first.run(for: .milliseconds(10))
        let cache = first.receiver.sourceCache
        #expect(cache.count == 2)
        var second = try Pair()
        second.receiver = Pair.receiver(.recording, cache: cache, at: .zero)
        second.run(for: .milliseconds(10))
        // Another name, the same content.
        var again = Self.source(0, length: 3000)
        again = CodedSource(identifier: SourceIdentifier(6), payload: again.payload)
        second.sender.add(.source(again), at: second.now)
        second.run(for: .milliseconds(300))
        #expect(second.sent.contains(.sourceAcknowledged(SourceIdentifier(6))))
        #expect(second.received.contains { $0.1 == .source(again) })
        let before = second.sender.statistics.sources.bytes
        second.sender.add(.source(Self.source(1, length: 100_000)), at: second.now)
        second.run(for: .seconds(3))
        #expect(second.sent.contains(.sourceAcknowledged(SourceIdentifier(1))))
        #expect(second.sender.statistics.sources.bytes - before < 90_000)
    }

    @Test func aSourceThatIsNotWhatWasOfferedIsNeverShown() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        let source = SourceIdentifier(3)
        let good = (0..<64).map { UInt8($0) }
        let offer = try #require(
            SourceOfferFrame(source: source, length: 64, hash: [UInt8](repeating: 9, count: 16)))
        let data = SourceDataFrame(source: source, offset: 0, bytes: good)
        let late = SourceDataFrame(source: source, offset: 60, bytes: [1, 2, 3, 4, 5])
        for (index, frames) in [
            [Frame.sourceOffer(offer), .sourceData(data)], [.sourceData(late)],
        ]
        .enumerated() {
            let bytes = Pair.datagram(frames, number: UInt64(50 + index))
            pair.receiver.receive(bytes.span, from: pair.peer, at: pair.now)
        }
        // Another length for the same name.
        let other = try #require(
            SourceOfferFrame(source: source, length: 65, hash: [UInt8](repeating: 9, count: 16)))
        let bytes = Pair.datagram([.sourceOffer(other)], number: 60)
        pair.receiver.receive(bytes.span, from: pair.peer, at: pair.now)
        pair.run(for: .seconds(1))
        #expect(pair.receiver.statistics.corruptSources == 1)
        #expect(pair.receiver.statistics.rejectedDatagrams == 2)
        #expect(!pair.received.contains { if case .source = $0.1 { true } else { false } })
    }

    @Test func droppedSourcesMakeRoom() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        for identifier in 0..<40 as Range<UInt16> {
            pair.sender.add(.source(Self.source(identifier, length: 700)), at: pair.now)
            let set = try #require(
                SourceSet(
                    number: SourceSetNumber(UInt8(identifier)),
                    sources: [SourceIdentifier(identifier)]))
            pair.sender.add(.sourceSet(set), at: pair.now)
            pair.run(for: .milliseconds(500))
            #expect(pair.sender.isAcknowledged(set.number))
            if identifier > 0 { pair.sender.drop(SourceIdentifier(identifier - 1)) }
        }
        pair.run(for: .seconds(1))
        #expect(pair.sender.statistics.refusedSources == 0)
        #expect(pair.receiver.statistics.rejectedDatagrams == 0)
        let dropped = pair.received.filter { if case .sourceDropped = $0.1 { true } else { false } }
        #expect(dropped.count == 39)
    }

    @Test func sourcesThatCannotBeAreRefused() throws {
        var pair = try Pair()
        for source in [
            Self.source(0, length: 0), Self.source(1, length: WireConstants.largestSource + 1),
            Self.source(2, length: 10), Self.source(2, length: 11),
        ] { pair.sender.add(.source(source), at: pair.now) }
        #expect(pair.sender.statistics.refusedSources == 3)
        for identifier in 10..<40 as Range<UInt16> {
            pair.sender.add(.source(Self.source(identifier, length: 10)), at: pair.now)
        }
        #expect(pair.sender.statistics.refusedSources == 3 + 15)
    }

    /// Nothing is sent that nothing can be shown from.
    @Test func keypointsWaitForTheirSet() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        try pair.stream(pictures: 30)
        #expect(pair.sender.statistics.pictures == 0)
        #expect(pair.sender.statistics.unsentPictures == 30)
        try pair.introduce(Self.source(0, length: 3000))
        try pair.stream(pictures: 30, from: 30)
        #expect(pair.sender.statistics.pictures == 30)
        let acknowledged = pair.sent.compactMap {
            if case .picturesAcknowledged(let first, 3) = $0 { first.rawValue } else { nil }
        }
        #expect(acknowledged.sorted().first == 30 && acknowledged.count >= 8)
    }

    /// FIPS 180-4's examples and a length at each border.
    @Test func contentHashIsSHA256() {
        func text(_ bytes: [UInt8]) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        let examples = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
        for (input, digest) in examples {
            #expect(text(ContentHash.digest(of: Array(input.utf8))) == digest)
        }
        let million = [UInt8](repeating: 0x61, count: 1_000_000)
        #expect(
            text(ContentHash.digest(of: million))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
}
