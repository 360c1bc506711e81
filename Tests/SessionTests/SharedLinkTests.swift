import Media
import NetworkEmulation
import Session
import Testing

/// The cases of RFC 8867 in which a call is not alone, with whole calls: voice, keypoints, sources that never end, and
/// acknowledgements, over one link.
@Suite struct SharedLinkTests {
    private static func link(
        _ kilobits: Double, delay: Int = 50, queue: Int = 16_000
    ) -> LinkConditions {
        var link = LinkConditions()
        link.rate = Bitrate(kilobitsPerSecond: kilobits)
        link.delay = .milliseconds(delay)
        link.queue = DataSize(bytes: queue)
        return link
    }

    private static func call(
        _ promised: Double = 64, isBackwards: Bool = false, at second: Int = 0
    ) throws -> SharedLink.Member {
        try SharedLink.Member(
            promised, isBackwards: isBackwards,
            at: Instant(nanoseconds: Int64(second) * 1_000_000_000))
    }

    private static func check(_ member: SharedLink.Member, _ promised: Double, _ label: String) {
        let budget = Bitrate(kilobitsPerSecond: promised).size(over: RatePromise.window).bytes
        #expect(Traffic.largestWindow(member.wire) <= budget, "\(label)")
        let isOver = member.received.contains { if case .ended = $0.1 { true } else { false } }
        #expect(!isOver, "\(label)")
    }

    /// Section 5.4: two calls share a link; the second one finds it full.
    @Test(arguments: [0, 30], [32.0, 64])
    func twoCallsShareALink(later: Int, kilobits: Double) throws {
        var path = SharedLink(
            [try Self.call(), try Self.call(at: later)], over: Self.link(kilobits), seed: 21)
        try path.run(for: .seconds(120))
        let shares = path.members.map { $0.delivered(from: 70, to: 120) }
        let heard = path.members.map { $0.heardShare(from: 60) }
        print("two calls over \(kilobits) kbit/s, one \(later) s later: \(shares), heard \(heard)")
        #expect(shares[0] + shares[1] > 0.7 * kilobits, "\(shares)")
        #expect(min(shares[0], shares[1]) > 0.5 * max(shares[0], shares[1]), "\(shares)")
        #expect(heard.allSatisfy { $0 > 0.9 }, "\(heard)")
        for member in path.members { Self.check(member, 64, "\(kilobits)") }
    }

    /// Section 5.3: calls in opposite directions. Each one's acknowledgements queue with the other one's pictures.
    @Test(arguments: [16.0, 32])
    func aCallInEachDirection(kilobits: Double) throws {
        var path = SharedLink(
            [try Self.call(), try Self.call(isBackwards: true)], over: Self.link(kilobits), seed: 22
        )
        try path.run(for: .seconds(80))
        let shares = path.members.map { $0.delivered(from: 30, to: 80) }
        let heard = path.members.map { $0.heardShare(from: 20) }
        print("a call each way, \(kilobits) kbit/s: \(shares), heard \(heard)")
        #expect(shares.allSatisfy { $0 > 0.6 * kilobits }, "\(shares)")
        #expect(heard.allSatisfy { $0 > 0.9 }, "\(heard)")
        for member in path.members { Self.check(member, 64, "\(kilobits)") }
    }

    /// Section 5.6: a long TCP flow fills the queue, again and again; the voice must come through all the same.
    @Test(arguments: [4000, 16_000])
    func aLongTransferBesideACall(queue: Int) throws {
        var path = SharedLink(
            [try Self.call()],
            beside: [BulkTransfer(at: Instant(nanoseconds: 20_000_000_000))],
            over: Self.link(100, queue: queue), back: Self.link(100), seed: 23)
        try path.run(for: .seconds(80))
        let alone = path.members[0].delivered(from: 10, to: 20)
        let share = path.members[0].delivered(from: 40, to: 80)
        let heard = path.members[0].heardShare(from: 40)
        let bulk = Double(path.transfers[0].delivered * BulkTransfer.packetSize * 8) / 60_000
        print("beside TCP, queue \(queue): \(alone), then \(share), heard \(heard); TCP \(bulk)")
        // A queue that swings by a second is more than a live playout follows: it starves neither, no more is said.
        #expect(share > 3.5 && heard > 0.3, "\(share) \(heard)")
        #expect(bulk > 30, "\(bulk)")
        Self.check(path.members[0], 64, "\(queue)")
    }

    /// Section 5.7: short TCP flows come and go; between them the call has what it had.
    @Test func shortTransfersBesideACall() throws {
        let transfers = (0..<4).map {
            let second = Int64(20 + 15 * $0)
            return BulkTransfer(packets: 30, at: Instant(nanoseconds: second * 1_000_000_000))
        }
        var path = SharedLink(
            [try Self.call()], beside: transfers, over: Self.link(100, queue: 8000),
            back: Self.link(100),
            seed: 24)
        try path.run(for: .seconds(100))
        let share = path.members[0].delivered(from: 20, to: 80)
        let after = path.members[0].delivered(from: 85, to: 100)
        let heard = path.members[0].heardShare(from: 20)
        print("short transfers: \(share), afterwards \(after), heard \(heard)")
        #expect(path.transfers.allSatisfy { $0.delivered == 30 })
        #expect(share > 15 && after > 40, "\(share) \(after)")
        #expect(heard > 0.9, "\(heard)")
        Self.check(path.members[0], 64, "short")
    }
}
