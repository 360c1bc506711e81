import Media
import Security
import Testing

@Suite struct HandshakeTests {
    @Test(arguments: [0, 1, 2])
    func bothEndsConnect(_ kind: Int) throws {
        let (ours, theirs) = (Fixtures.statics(1), Fixtures.statics(2))
        let shared = kind == 1 ? nil : Fixtures.key(1)
        let initiator =
            kind == 0
            ? Credentials.shared(Fixtures.key(1))
            : .statics(own: ours, peer: theirs.publicKey, shared: shared)
        let responder =
            kind == 0
            ? Credentials.shared(Fixtures.key(1))
            : .statics(own: theirs, peer: ours.publicKey, shared: shared)
        var pair = ChannelPair(initiator, responder: responder)
        pair.deliverAll()
        #expect(pair.initiator.isConnected && !pair.responder.isConnected)
        try pair.sendFromInitiator([1, 2])
        #expect(pair.deliverAll().map(\.payload) == [[1, 2]])
        #expect(pair.responder.isConnected)
        try pair.sendFromResponder([3])
        #expect(pair.deliverAll().map(\.payload) == [[3]])
        #expect(
            pair.initiatorEvents == [.established(Fixtures.terms(), with: Fixtures.receiver)])
        #expect(pair.responderEvents == [.established(Fixtures.terms(), with: Fixtures.sender)])
    }

    @Test func aQuestionIsRepeatedUntilItIsAnsweredOrNobodyAnswers() {
        var pair = ChannelPair()
        var sent: [Duration] = []
        while pair.initiatorEvents.isEmpty {
            if !pair.flying.isEmpty { sent.append(pair.now.since(.zero)) }
            pair.flying = []
            pair.advance(by: .milliseconds(50))
        }
        #expect(sent == [0, 250, 750, 1750, 3750, 5750, 7750, 9750].map { .milliseconds($0) })
        #expect(pair.initiatorEvents == [.failed(.noAnswer)])
        #expect(pair.now.since(.zero) == .seconds(10))
    }

    @Test func anAnswerThatWasLostComesAgainAndIsTheSame() throws {
        var pair = ChannelPair()
        pair.deliver(pair.flying.removeFirst())
        let first = pair.flying.removeFirst()
        pair.advance(by: .milliseconds(250))
        pair.deliver(pair.flying.removeFirst())
        #expect(pair.flying == [first])
        pair.deliverAll()
        try pair.sendFromInitiator([1])
        #expect(pair.deliverAll().count == 1)
        #expect(pair.responder.statistics.repeatedHandshakes == 1)
    }

    @Test(arguments: [
        (Fixtures.terms(weights: 8), HandshakeRefusal.weightsDiffer),
        (Fixtures.terms(keypoints: 10), .unsupported), (Fixtures.terms(sources: 9), .unsupported),
        (Fixtures.terms(datagram: 1201), .unsupported),
    ])
    func otherTermsAreRefused(_ terms: HandshakeTerms, _ refusal: HandshakeRefusal) {
        var pair = ChannelPair(initiatorTerms: terms)
        pair.deliverAll()
        #expect(pair.initiatorEvents == [.failed(.refused(refusal))])
        #expect(pair.responderEvents == [.refused(refusal, Fixtures.sender)])
        #expect(!pair.initiator.isConnected && pair.responder.openAnswers == 0)
    }

    @Test func anotherKeyGetsNoAnswer() {
        var pair = ChannelPair(
            .shared(Fixtures.key(1)), responder: .shared(Fixtures.key(2)))
        pair.deliverAll()
        #expect(pair.responder.statistics.forgedHandshakes == 1)
        #expect(pair.responder.statistics.sentHandshakes == 0)
        #expect(!pair.initiator.isConnected)
    }

    @Test func anotherStaticKeyGetsNoAnswer() {
        let (ours, theirs, other) = (
            Fixtures.statics(1), Fixtures.statics(2), Fixtures.statics(3)
        )
        var pair = ChannelPair(
            .statics(own: other, peer: theirs.publicKey, shared: nil),
            responder: .statics(own: theirs, peer: ours.publicKey, shared: nil))
        pair.deliverAll()
        #expect(pair.responder.statistics.forgedHandshakes == 1)
        #expect(!pair.initiator.isConnected && pair.responder.openAnswers == 0)
    }

    @Test func thePeerMayMove() throws {
        var pair = try ChannelPair.connected()
        pair.initiatorAddress = Fixtures.address(9, port: 5)
        try pair.sendFromInitiator([1])
        pair.deliverAll()
        #expect(pair.responder.peer == Fixtures.address(9, port: 5))
        #expect(pair.responder.statistics.addressChanges == 1)
        #expect(try pair.sendFromResponder([2]).to == Fixtures.address(9, port: 5))
    }

    @Test func anOldDatagramFromElsewhereMovesNobody() throws {
        var pair = try ChannelPair.connected()
        var held = try pair.sendFromInitiator([1])
        pair.flying = []
        try pair.sendFromInitiator([2])
        pair.deliverAll()
        held.from = Fixtures.stranger
        // Late, so it counts; but it is not the newest, so it says nothing of where the peer is.
        #expect(pair.deliver(held)?.payload == [1])
        #expect(pair.responder.peer == Fixtures.sender)
        #expect(pair.deliver(held) == nil)
        #expect(pair.responder.statistics.replayed == 1)
    }

    @Test func whatAnEndSentIsNotTakenBackByIt() throws {
        var pair = try ChannelPair.connected()
        var datagram = try pair.sendFromInitiator([1])
        (datagram.from, datagram.to) = (datagram.to, datagram.from)
        #expect(pair.deliver(datagram) == nil)
        var question = ChannelPair().flying[0]
        (question.from, question.to) = (question.to, question.from)
        #expect(pair.deliver(question) == nil)
        #expect(pair.initiator.statistics.forged == 1)
        #expect(pair.initiator.statistics.malformed == 1)
    }

    @Test func aResponderThatWasStartedAnewIsFoundAgain() throws {
        var pair = try ChannelPair.connected()
        pair.responder = RespondingChannel(
            credentials: .shared(Fixtures.key(1)), terms: Fixtures.terms(),
            random: SplitMix64(seed: 99))
        try pair.sendFromInitiator([1])
        #expect(pair.deliverAll().isEmpty)
        pair.advance(by: .seconds(3))
        pair.deliverAll()
        #expect(pair.initiatorEvents.count == 2)
        let (bytes, to) = try pair.initiator.seal([7], packetNumber: 0)
        pair.flying = [.init(bytes: bytes, from: Fixtures.sender, to: to)]
        #expect(pair.deliverAll().map(\.payload) == [[7]])
        #expect(pair.responder.isConnected)
    }

    /// Its answers are lost for so long that it has forgotten them and does not repeat them: another question is
    /// asked by then.
    @Test func aResponderThatWasStartedAnewIsFoundThoughItsAnswersAreLostForLong() throws {
        var pair = try ChannelPair.connected()
        pair.responder = RespondingChannel(
            credentials: .shared(Fixtures.key(1)), terms: Fixtures.terms(),
            random: SplitMix64(seed: 99))
        for _ in 0..<60 {
            pair.advance(by: .milliseconds(250))
            for datagram in pair.flying where datagram.to == Fixtures.receiver {
                pair.deliver(datagram)
            }
            pair.flying = []
        }
        let (events, answers) = (
            pair.initiatorEvents.count, pair.responder.statistics.sentHandshakes
        )
        try #require(events == 1 && answers > 4)
        for _ in 0..<40 where pair.initiatorEvents.count == 1 {
            pair.advance(by: .milliseconds(250))
            pair.deliverAll()
        }
        let found = pair.initiatorEvents.count
        #expect(found == 2, "asked anew within ten seconds")
        let (bytes, to) = try pair.initiator.seal([7], packetNumber: 0)
        pair.flying = [.init(bytes: bytes, from: Fixtures.sender, to: to)]
        #expect(pair.deliverAll().map(\.payload) == [[7]])
    }

    @Test func aQuestionIsAnsweredEightTimesAtMost() {
        var pair = ChannelPair()
        let question = pair.flying.removeFirst()
        for _ in 0..<100 { pair.deliver(question) }
        #expect(pair.flying.count == SecurityConstants.answersToAQuestion)
        #expect(Set(pair.flying.map(\.bytes)).count == 1)
        #expect(pair.responder.statistics.repeatedHandshakes == 99)
    }

    @Test func withoutRoomAQuestionIsAsIfItHadNotCome() {
        var pair = ChannelPair()
        let question = pair.flying.removeFirst()
        let bytes = question.bytes
        _ = pair.responder.receive(bytes.span, from: question.from, at: pair.now, answering: .none)
        pair.drain()
        #expect(pair.flying.isEmpty && pair.responder.openAnswers == 0)
        #expect(pair.responder.statistics.droppedQuestions == 1)
        _ = pair.responder.receive(
            bytes.span, from: question.from, at: pair.now, answering: .first)
        pair.drain()
        #expect(pair.flying.count == 1 && pair.responder.openAnswers == 1)
        _ = pair.responder.receive(
            bytes.span, from: question.from, at: pair.now, answering: .first)
        pair.drain()
        #expect(pair.flying.count == 1, "again it is answered only where there is room for all")
    }

    @Test func anOutageNeedsNoNewKeys() throws {
        var pair = try ChannelPair.connected()
        pair.advance(by: .seconds(5))
        pair.deliverAll()
        #expect(pair.responderEvents.last == .refused(.busy, Fixtures.sender))
        #expect(pair.initiatorEvents.count == 1 && pair.initiator.isConnected)
        try pair.sendFromInitiator([1])
        try pair.sendFromResponder([2])
        #expect(pair.deliverAll().count == 2)
    }

    @Test func aSecondCallerIsRefusedWhileTheFirstOneTalks() throws {
        var pair = try ChannelPair.connected()
        var second = InitiatingChannel(
            to: Fixtures.receiver, credentials: .shared(Fixtures.key(1)), terms: Fixtures.terms(),
            random: SplitMix64(seed: 77), at: pair.now)
        guard case .transmit(let question, _) = second.poll(at: pair.now) else {
            Issue.record("no question")
            return
        }
        pair.deliver(.init(bytes: question, from: Fixtures.stranger, to: Fixtures.receiver))
        let answer = pair.flying.removeFirst()
        #expect(answer.to == Fixtures.stranger && answer.bytes.count == question.count)
        #expect(second.receive(answer.bytes, from: Fixtures.receiver, at: pair.now) == nil)
        #expect(second.poll(at: pair.now) == .event(.failed(.refused(.busy))))
        try pair.sendFromInitiator([1])
        #expect(pair.deliverAll().count == 1)
    }

    @Test func aSpentBudgetEndsTheConnection() throws {
        var pair = try ChannelPair.connected(forgeryBudget: 2)
        for _ in 0..<2 {
            var forged = try pair.sendFromInitiator([1])
            pair.flying = []
            forged.bytes[4] ^= 1
            pair.deliver(forged)
        }
        #expect(pair.responderEvents.last == .failed(.forgeryBudgetSpent))
        #expect(throws: SealingError.notConnected) {
            try pair.responder.seal([1], packetNumber: 0)
        }
    }
}
