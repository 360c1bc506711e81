import Media
import NetworkEmulation
import Session
import Testing

/// A link that is dead for longer than a handshake's timers: the call goes on when it is back.
@Suite struct SecuredOutageTests {
    /// Sixteen places in the two seconds between two of the sender's questions, and in its half seconds
    /// between two hellos: whichever comes first after the outage.
    @Test(arguments: [8, 12, 20, 28])
    func aCallOutlivesAnOutage(seconds: Int) async throws {
        var longest = Duration.zero
        for phase in 0..<16 {
            var link = LinkConditions()
            link.delay = .milliseconds(40)
            var pair = try SecuredPair(link, seed: UInt64(seconds * 100 + phase))
            try pair.introduce()
            try pair.stream(pictures: 30)
            let length = Duration.seconds(seconds) - .milliseconds(phase * 125 + phase)
            let next = try pair.outage(of: length, from: 30)
            let back = pair.now
            try pair.stream(pictures: 75, from: next)
            pair.run(for: .seconds(1))
            let label = "\(length): \(pair.sent), \(pair.received.suffix(1))"
            let (isOver, shown) = (pair.isOver, Array(pair.shown.suffix(30)))
            #expect(!isOver, "\(label)")
            let wait = pair.shownAt.first { $0.at > back }?.at.since(back) ?? .seconds(99)
            #expect(wait < .milliseconds(1200), "\(label)")
            longest = max(longest, wait)
            #expect(shown == Array(next + 45..<next + 75), "\(label)")
            // Tests with real clocks run beside this one.
            await Task.yield()
        }
        print("after \(seconds) s without a link: pictures again within \(longest)")
    }
}
