import Media
import Security
import Testing

@Suite struct FloodTests {
    @Test func tenThousandForgedQuestionsLeaveNothingBehind() {
        var responder = RespondingChannel(
            credentials: .shared(Fixtures.key(1)), terms: Fixtures.terms(),
            random: SplitMix64(seed: 1))
        var random = SplitMix64(seed: 2)
        for _ in 0..<10_000 {
            let noise = (1..<SecurityConstants.handshakeLength).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let question = [0x40 | SecurityConstants.version] + noise
            #expect(responder.receive(question, from: Fixtures.stranger, at: .zero) == nil)
            #expect(responder.poll(at: .zero) == .wait(until: nil))
        }
        #expect(responder.statistics.forgedHandshakes == 10_000)
        #expect(responder.openAnswers == 0 && responder.statistics.sent == .zero)
    }

    @Test func tenThousandAuthenticQuestionsAreBounded() {
        // Somebody with the key, or with records of ten thousand calls.
        var responder = RespondingChannel(
            credentials: .shared(Fixtures.key(1)), terms: Fixtures.terms(),
            random: SplitMix64(seed: 1))
        var answered = DataSize.zero
        var asked = DataSize.zero
        for seed in 0..<10_000 as Range<UInt64> {
            let now = Instant.zero.advanced(by: .milliseconds(seed))
            let question = Self.question(seed: 100 + seed)
            asked += DataSize(bytes: question.count)
            _ = responder.receive(question, from: Fixtures.stranger, at: now)
            while case .transmit(let answer, _) = responder.poll(at: now) {
                answered += DataSize(bytes: answer.count)
            }
            #expect(responder.openAnswers <= SecurityConstants.openAnswers)
        }
        #expect(answered <= asked)
        // Eight each two seconds, for ten seconds.
        #expect(responder.statistics.droppedQuestions == 10_000 - 5 * 8)
        #expect(!responder.isConnected)
    }

    @Test func aRecordedQuestionOpensNoConnectionAndHindersNone() throws {
        let recorded = Self.question(seed: 5)
        var pair = ChannelPair()
        _ = pair.responder.receive(recorded, from: Fixtures.stranger, at: pair.now)
        pair.deliverAll()
        #expect(pair.responder.openAnswers == 2 && !pair.responder.isConnected)
        try pair.sendFromInitiator([1])
        #expect(pair.deliverAll().count == 1)
        _ = pair.responder.receive(recorded, from: Fixtures.stranger, at: pair.now)
        pair.drain()
        #expect(pair.flying.isEmpty && pair.responder.peer == Fixtures.sender)
        // Its answer is of no use, and is forgotten.
        #expect(pair.responder.openAnswers == 0)
    }

    @Test func aShortQuestionGetsNoLongerAnswer() {
        var responder = RespondingChannel(
            credentials: .shared(Fixtures.key(1)), terms: Fixtures.terms())
        let question = Self.question(seed: 1)
        for length in 0..<question.count {
            _ = responder.receive(
                Array(question.prefix(length)), from: Fixtures.stranger, at: .zero)
        }
        #expect(responder.statistics.malformed == question.count)
        #expect(responder.statistics.sentHandshakes == 0)
    }

    private static func question(seed: UInt64) -> [UInt8] {
        var initiator = InitiatingChannel(
            to: Fixtures.receiver, credentials: .shared(Fixtures.key(1)), terms: Fixtures.terms(),
            random: SplitMix64(seed: seed), at: .zero)
        guard case .transmit(let question, _) = initiator.poll(at: .zero) else { return [] }
        return question
    }
}
