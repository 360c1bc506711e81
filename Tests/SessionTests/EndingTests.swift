import Media
import Session
import Testing
import WireFormat

/// Ends that no working sender brings about; each was found by fuzzing.
@Suite struct EndingTests {
    private static func receive(_ frames: [Frame], number: UInt64, _ pair: inout Pair) {
        let bytes = Datagram(call: CallIdentifier(77), packetNumber: number, frames: frames).bytes
        pair.receiver.receive(bytes.span, from: pair.peer, at: pair.now)
    }

    /// What the receiver does from now on when nobody says anything any more.
    private static func events(_ pair: inout Pair, seconds: Int) throws -> [ReceiveSession.Event] {
        var events: [ReceiveSession.Event] = []
        let end = pair.now.advanced(by: .seconds(seconds))
        for _ in 0..<10_000 {
            switch pair.receiver.poll(at: pair.now) {
            case .transmit: break
            case .event(let event): events.append(event)
            case .wait(let instant):
                guard let instant, instant <= end else { return events }
                try #require(instant > pair.now, "a driver would spin")
                pair.now = instant
            }
        }
        Issue.record("the receiver always has more to do")
        return events
    }

    @Test func aGoodbyeBeforeTheFirstPicturesSource() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        let other = CodedSource(identifier: SourceIdentifier(1), payload: [1, 2, 3])
        let unit = try #require(
            CodedKeypoints(
                firstPicture: .zero, pictureCount: 3, sourceSet: .zero,
                reference: .source(SourceIdentifier(0)), payload: [1]))
        Self.receive([.sourceFragment(SourceFragmentFrame(of: other, index: 0))], number: 10, &pair)
        Self.receive([.keypoints(unit)], number: 11, &pair)
        let goodbye = GoodbyeFrame(reason: .finished, pictureCount: PictureNumber(3))
        Self.receive([.goodbye(goodbye)], number: 12, &pair)
        let events = try Self.events(&pair, seconds: 20)
        #expect(events.last == .ended(.bySender(.finished)))
    }

    @Test func theLastPictureNumberEndsTheCall() throws {
        var pair = try Pair(playout: .live)
        pair.run(for: .milliseconds(10))
        let source = CodedSource(identifier: SourceIdentifier(0), payload: [1, 2, 3])
        let unit = try #require(
            CodedKeypoints(
                firstPicture: PictureNumber(.max - 64), pictureCount: 16,
                sourceSet: .zero, reference: .source(SourceIdentifier(0)), payload: [1]))
        Self.receive(
            [.sourceFragment(SourceFragmentFrame(of: source, index: 0))], number: 10, &pair)
        Self.receive([.keypoints(unit)], number: 11, &pair)
        let events = try Self.events(&pair, seconds: 9)
        #expect(events.last == .ended(.byReceiver(.finished)))
        let played = events.compactMap { if case .play(let number, _) = $0 { number } else { nil } }
        #expect(played.last == PictureNumber(.max - 1))
        #expect(played.count == 64)
    }

    @Test func aReceiverMayJoinACallThatHasGoneOnForLong() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        pair.sender.add(.source(CallTests.source), at: pair.now)
        try pair.stream(pictures: 30, from: 90_000)
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(3))
        #expect(pair.played.map(\.number) == Array(90_000..<90_030))
        #expect(pair.missed.isEmpty)
    }

    /// Before playout has started any picture may be the first, but not all of them at once.
    @Test func picturesFarApartDoNotFillTheReceiver() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        for index in 0..<3000 {
            let unit = try #require(
                CodedKeypoints(
                    firstPicture: PictureNumber(UInt32(9_000_000 - index * 1000)), pictureCount: 16,
                    sourceSet: .zero, reference: .source(SourceIdentifier(0)), payload: [1]))
            Self.receive([.keypoints(unit)], number: UInt64(100 + index), &pair)
        }
        #expect(pair.receiver.statistics.rejectedDatagrams == 2998)
    }
}
