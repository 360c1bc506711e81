import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// A call in which nobody says anything.
@Suite struct KeepAliveTests {
    /// Both ends are heard about once a second for two minutes, much longer than either waits for the other one, and
    /// what is said then arrives. Where nothing proves the sender's address, what it says has to pay for what comes
    /// back, and that takes two seconds.
    @Test(arguments: [0.0, 0.1], [false, true])
    func aQuietCallStaysConnected(loss: Double, isPeerProven: Bool) throws {
        var link = LinkConditions()
        link.delay = .milliseconds(50)
        link.loss = .init(random: loss)
        var pair = try Pair(link, seed: 3, rate: Bitrate(kilobitsPerSecond: 24))
        pair.receiver = Pair.receiver(.recording, isPeerProven: isPeerProven, at: pair.now)
        try pair.introduce(SourceTests.source(0, length: 800))
        pair.run(for: .seconds(2))
        let (begin, before) = (pair.now, (pair.wireThere.count, pair.wireBack.count))
        pair.run(for: .seconds(120))
        let there = pair.wireThere[before.0...].map(\.0)
        let back = pair.wireBack[before.1...].map(\.0)
        for (later, earlier) in zip(there, [begin] + there) {
            #expect(later.since(earlier) <= .milliseconds(1010))
        }
        for (later, earlier) in zip(back, [begin] + back) {
            #expect(later.since(earlier) <= .milliseconds(isPeerProven ? 1110 : 2210))
        }
        if loss == 0 {
            // A keep-alive a second and no more: 40 bytes; what is said of it is a little longer.
            #expect(there.count <= 125 && back.count <= 250)
            #expect(pair.sender.statistics.sentDatagrams == pair.wireThere.count)
        }
        #expect(pair.sender.isConnected)
        let isOver = pair.received.contains { if case .ended = $0.1 { true } else { false } }
        #expect(!isOver)
        try pair.stream(pictures: 90)
        pair.run(for: .seconds(1))
        #expect(pair.played.count == 90)
        #expect(pair.missed.count <= Int(30 * loss) * 9)
    }

    /// Without them either end would take the other one for gone: nothing passes, and both give up after 30 s.
    @Test func withoutThemItWouldEnd() throws {
        var pair = try Pair(seed: 3, rate: Bitrate(kilobitsPerSecond: 24))
        try pair.introduce(SourceTests.source(0, length: 800))
        pair.there.conditions.loss = .init(random: 1)
        pair.back.conditions.loss = .init(random: 1)
        pair.run(for: .seconds(29))
        #expect(pair.sender.isConnected)
        pair.run(for: .seconds(3))
        #expect(pair.sent.last == .ended(.silence))
        #expect(pair.received.last?.1 == .ended(.silence))
    }
}
