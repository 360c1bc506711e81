import Media
import NetworkEmulation
import Pipeline
import Security
import Session
import Testing
import WireFormat

/// Authentic questions of other times, in the midst of a call and before it: whoever has recorded them gains nothing.
@Suite struct SecuredFloodTests {
    private func link() -> LinkConditions {
        var link = LinkConditions()
        link.delay = .milliseconds(40)
        return link
    }

    /// A question that is authentic and that the receiver has never seen, as one from before its start is.
    private func question(seed: UInt64) throws -> [UInt8] {
        var initiator = InitiatingChannel(
            to: try SecuredPair.address(2), credentials: SecuredPair.credentials(),
            terms: try SecuredPair.terms(SecuredPair.hash), random: SplitMix64(seed: seed),
            at: .zero)
        guard case .transmit(let question, _) = initiator.poll(at: .zero) else { return [] }
        return question
    }

    private func expectNoHarm(_ pair: SecuredPair, _ rate: Bitrate, pictures: Int) {
        let budget = rate.size(over: .seconds(2)).bytes
        // Values rather than the pair: what fails is printed.
        let (shown, end) = (pair.shown, pair.sent.last)
        #expect(shown == Array(0..<pictures), "\(rate)")
        #expect(end == .ended(.finished(.finished)), "\(rate)")
        let busiest = [pair.busiestTwoSeconds, pair.busiestTwoSecondsBack]
        #expect(busiest.allSatisfy { $0 <= budget }, "\(rate): \(busiest)")
        let back = pair.wireBack.reduce(0) { $0 + $1.bytes }
        let counted = pair.receiver.returnTraffic.size.bytes
        #expect(counted == back, "\(rate)")
    }

    @Test(arguments: [8.0, 12.2, 24])
    func oneOldQuestionTenThousandTimes(kilobits: Double) throws {
        let rate = Bitrate(kilobitsPerSecond: kilobits)
        var pair = try SecuredPair(link(), rate: rate)
        try pair.introduce()
        let old = try question(seed: 4000)
        let from = try [SecuredPair.address(66), pair.address]
        pair.attacker = { _, _ in (0..<100).map { (old, from[$0 % 2]) } }
        try pair.stream(pictures: 300)
        pair.attacker = nil
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(4))
        expectNoHarm(pair, rate, pictures: 300)
        let repeated = pair.receiver.security.repeatedHandshakes
        #expect(repeated >= 9800)
        // The call's own one, and what a question gets at most.
        let sent = pair.receiver.security.sentHandshakes
        #expect(sent > 1 && sent <= 1 + SecurityConstants.answersToAQuestion, "\(sent)")
    }

    @Test(arguments: [8.0, 12.2, 24])
    func thousandsOfOldQuestions(kilobits: Double) throws {
        let rate = Bitrate(kilobitsPerSecond: kilobits)
        var pair = try SecuredPair(link(), rate: rate)
        try pair.introduce()
        let old = try (0..<2000).map { try question(seed: 4000 + $0) }
        let from = try SecuredPair.address(66)
        let place = Place()
        pair.attacker = { _, _ in
            (0..<40).map { _ in
                place.next += 1
                return (old[place.next % old.count], from)
            }
        }
        try pair.stream(pictures: 300)
        pair.attacker = nil
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(4))
        expectNoHarm(pair, rate, pictures: 300)
        let bytes = pair.receiver.security.sent.bytes + 28 * pair.receiver.security.sentHandshakes
        // Half of the promise at the most, from two seconds before on.
        let seconds = pair.now.since(.zero) + .seconds(2)
        #expect(bytes <= rate.size(over: seconds).bytes / 2)
        let stray = pair.strayAnswers
        #expect(stray > 8)
    }

    /// Eight recorded questions, repeated as fast as they come, delay a new call by no more than the two seconds that
    /// their places are kept.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func oldQuestionsBeforeACallDelayItByTwoSeconds(seed: UInt64) throws {
        var pair = try SecuredPair(link(), seed: seed)
        let old = try (0..<8).map { try question(seed: 5000 + $0) }
        let from = try SecuredPair.address(66)
        for datagram in old { pair.receiver.receive(datagram.span, from: from, at: pair.now) }
        pair.attacker = { _, _ in (0..<400).map { (old[$0 % 8], from) } }
        try pair.introduce()
        // The question that comes next after two seconds, and the source.
        let (time, busiest) = (pair.now.since(.zero), pair.busiestTwoSecondsBack)
        #expect(time < .seconds(5) && busiest <= 6000)
        try pair.stream(pictures: 30)
        pair.run(for: .seconds(1))
        let shown = pair.shown
        #expect(shown == Array(0..<30))
    }

    /// The questions of an outage are within the promise of the sender, whose sources use all of it.
    @Test(arguments: [8.0, 12.2, 24])
    func questionsOfAnOutageAreWithinThePromise(kilobits: Double) throws {
        let rate = Bitrate(kilobitsPerSecond: kilobits)
        var pair = try SecuredPair(link(), rate: rate)
        try pair.introduce(1000)
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        pair.sender.add(
            .source(CodedSource(identifier: SourceIdentifier(1), payload: bytes)), at: pair.now)
        try pair.stream(pictures: 75)
        let next = try pair.outage(of: .seconds(7), from: 75)
        try pair.stream(pictures: 75, from: next)
        pair.run(for: .seconds(1))
        let (isOver, asked) = (pair.isOver, pair.sender.security.sentHandshakes)
        #expect(!isOver && asked >= 5)
        let budget = rate.size(over: .seconds(2)).bytes
        let busiest = [pair.busiestTwoSeconds, pair.busiestTwoSecondsBack]
        #expect(busiest.allSatisfy { $0 <= budget }, "\(busiest)")
        let shown = Array(pair.shown.suffix(45))
        #expect(shown == Array(next + 30..<next + 75))
    }
}

/// Where an attacker is in its list.
private final class Place {
    var next = 0
}
