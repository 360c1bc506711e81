import Media
import Session
import Testing
import WireFormat

/// Ends that no working sender brings about; each was found by fuzzing.
@Suite struct EndingTests {
    private static func receive(_ frames: [Frame], number: UInt64, _ pair: inout Pair) {
        let bytes = Pair.datagram(frames, number: number)
        pair.receiver.receive(bytes.span, from: pair.peer, at: pair.now)
    }

    private static func keypoints(_ first: UInt16, count: Int = 3) -> Frame {
        .keypoints(
            KeypointsFrame(
                firstPicture: first, pictureCount: count, sourceSet: .zero,
                reference: .source(SourceIdentifier(0)), payload: [1]))
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
        let data = SourceDataFrame(source: SourceIdentifier(1), offset: 0, bytes: [1, 2, 3])
        Self.receive([.sourceData(data)], number: 10, &pair)
        Self.receive([Self.keypoints(0)], number: 11, &pair)
        let goodbye = GoodbyeFrame(reason: .finished, pictureCount: PictureNumber(3))
        Self.receive([.goodbye(goodbye)], number: 12, &pair)
        let events = try Self.events(&pair, seconds: 20)
        #expect(events.last == .ended(.bySender(.finished)))
    }

    @Test func aGoodbyeBeforeAnyPicture() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        let goodbye = GoodbyeFrame(reason: .failed, pictureCount: PictureNumber(.max))
        Self.receive([.goodbye(goodbye)], number: 12, &pair)
        let events = try Self.events(&pair, seconds: 20)
        #expect(events == [.ended(.bySender(.failed))])
    }

    /// Only the low bits of numbers travel: they never lead below the first picture or past the last.
    @Test func picturesFarAheadAreFoundNearTheOnesBefore() throws {
        var pair = try Pair(playout: .live)
        pair.run(for: .milliseconds(10))
        var number: UInt64 = 10
        for step in 0..<400 {
            Self.receive(
                [Self.keypoints(UInt16(truncatingIfNeeded: step * 300))], number: number, &pair)
            number += 1
            _ = try Self.events(&pair, seconds: 0)
        }
        let events = try Self.events(&pair, seconds: 9)
        let played = events.compactMap { if case .play(let number, _) = $0 { number } else { nil } }
        for (later, earlier) in zip(played.dropFirst(), played) {
            #expect(later.distance(from: earlier) == 1)
        }
    }

    /// Before playout has started any picture may be the first, but not all of them at once.
    @Test func picturesFarApartDoNotFillTheReceiver() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        for index in 0..<3000 {
            let first = UInt16(truncatingIfNeeded: 9_000_000 - index * 1000)
            Self.receive(
                [Self.keypoints(first, count: 16)], number: UInt64(100 + index), &pair)
        }
        #expect(pair.receiver.statistics.rejectedDatagrams >= 2900)
    }
}
