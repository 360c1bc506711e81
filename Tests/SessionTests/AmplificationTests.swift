import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// Plain datagrams prove nothing: whoever sends some with somebody else's address makes a receiver send no more there.
@Suite struct AmplificationTests {
    private static func hello(_ kilobits: Double) throws -> Frame {
        .hello(
            try #require(
                HelloFrame(
                    size: .standard, rate: .standard, keypointCount: 20,
                    promisedRate: Bitrate(kilobitsPerSecond: kilobits), weightsHash: Pair.hash)))
    }

    private static func unit(_ place: Int) -> Frame {
        .keypoints(
            KeypointsFrame(
                firstPicture: UInt16(place * 3), pictureCount: 3, sourceSet: .zero,
                reference: .source(SourceIdentifier(0)), payload: [1, 2, 3]))
    }

    /// One datagram that opens a call, and some more a little later: until the receiver gives up, each byte that goes
    /// to the address was paid for with one that came from there.
    @Test(arguments: [0, 1, 2, 10])
    func aFalseAddressIsSentNoMoreThanCameFromIt(more: Int) throws {
        let address = try #require(Pair.address)
        var receiver = Pair.receiver(.live, at: .zero)
        var (asked, answered, most) = (0, 0, 0)
        var now = Instant.zero
        var isOver = false
        for step in 0..<4000 {
            now = Instant.zero.advanced(by: .milliseconds(10 * step))
            if step % 12 == 0, step / 12 <= more {
                let frames = step == 0 ? [try Self.hello(24)] : [Self.unit(step / 12)]
                let bytes = Pair.datagram(frames, number: UInt64(step / 12))
                asked += bytes.count + 28
                receiver.receive(bytes.span, from: address, at: now)
            }
            polling: while true {
                switch receiver.poll(at: now) {
                case .transmit(let bytes, _): answered += bytes.count + 28
                case .event(.ended): isOver = true
                case .event: break
                case .wait: break polling
                }
            }
            most = max(most, answered - asked)
            #expect(answered <= asked)
        }
        #expect(isOver && answered > 0, "it answers, and gives up")
        print("\(asked) bytes with a false address: \(answered) go there")
    }

    /// A call that says nothing for long is heard as often as before: what the sender says to keep it alive pays for it.
    @Test(arguments: [8.0, 24])
    func aQuietCallIsHeardAllTheSame(kilobits: Double) throws {
        var link = LinkConditions()
        link.delay = .milliseconds(60)
        link.loss = .init(random: 0.1)
        var pair = try Pair(
            link, seed: 6, playout: .live, rate: Bitrate(kilobitsPerSecond: kilobits))
        try pair.introduce(SourceTests.source(0, length: 500))
        pair.wireBack = []
        pair.run(for: .seconds(600))
        #expect(pair.sender.isConnected)
        for (later, earlier) in zip(pair.wireBack.dropFirst(), pair.wireBack) {
            #expect(later.0.since(earlier.0) < .seconds(4))
        }
        try pair.stream(pictures: 90)
        pair.run(for: .seconds(1))
        #expect(pair.played.filter(\.isThere).count > 60)
    }
}
