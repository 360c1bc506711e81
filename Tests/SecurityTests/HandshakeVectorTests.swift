import Foundation
import Media
import Security
import TestSupport
import Testing

@Suite struct HandshakeVectorTests {
    private func initiator(_ vector: HandshakeVector) throws -> InitiatingChannel {
        InitiatingChannel(
            to: Fixtures.receiver, credentials: try vector.credentials(ofInitiator: true),
            terms: try vector.initiatorTerms.value(),
            random: FixedRandom(try Vector.bytes(ofHex: vector.initiatorEphemeral)), at: .zero)
    }

    private func responder(_ vector: HandshakeVector) throws -> RespondingChannel {
        RespondingChannel(
            credentials: try vector.credentials(ofInitiator: false),
            terms: try vector.responderTerms.value(),
            random: FixedRandom(try Vector.bytes(ofHex: vector.responderEphemeral)))
    }

    @Test(arguments: try HandshakeVector.all())
    func asInitiator(_ vector: HandshakeVector) throws {
        var channel = try initiator(vector)
        let question = try Vector.bytes(ofHex: vector.question)
        #expect(channel.poll(at: .zero) == .transmit(question, to: Fixtures.receiver))
        let answer = try Vector.bytes(ofHex: vector.answer)
        #expect(channel.receive(answer, from: Fixtures.receiver, at: .zero) == nil)
        if let refusal = HandshakeRefusal(rawValue: vector.refusal) {
            #expect(channel.poll(at: .zero) == .event(.failed(.refused(refusal))))
            #expect(!channel.isConnected)
        } else {
            let terms = try vector.responderTerms.value()
            #expect(
                channel.poll(at: .zero)
                    == .event(.established(terms, with: Fixtures.receiver)))
            try expectSealed(vector, by: "initiator") { try channel.seal($0, packetNumber: $1) }
            try expectOpened(vector, from: "responder") {
                channel.receive($0, from: Fixtures.receiver, at: .zero)
            }
        }
    }

    @Test(arguments: try HandshakeVector.all())
    func asResponder(_ vector: HandshakeVector) throws {
        var channel = try responder(vector)
        let question = try Vector.bytes(ofHex: vector.question)
        #expect(channel.receive(question, from: Fixtures.sender, at: .zero) == nil)
        let answer = try Vector.bytes(ofHex: vector.answer)
        if let refusal = HandshakeRefusal(rawValue: vector.refusal) {
            #expect(channel.poll(at: .zero) == .event(.refused(refusal, Fixtures.sender)))
        }
        #expect(channel.poll(at: .zero) == .transmit(answer, to: Fixtures.sender))
        #expect(!channel.isConnected)
        guard vector.refusal == 0 else { return }
        try expectOpened(vector, from: "initiator") {
            channel.receive($0, from: Fixtures.sender, at: .zero)
        }
        #expect(
            channel.poll(at: .zero)
                == .event(
                    .established(try vector.initiatorTerms.value(), with: Fixtures.sender)))
        try expectSealed(vector, by: "responder") { try channel.seal($0, packetNumber: $1) }
    }

    private func expectSealed(
        _ vector: HandshakeVector, by end: String,
        _ seal: ([UInt8], UInt64) throws -> (datagram: [UInt8], to: NetworkAddress)
    ) throws {
        for sealed in vector.sealed where sealed.from == end {
            let made = try seal(try Vector.bytes(ofHex: sealed.payload), sealed.packetNumber)
            #expect(try made.datagram == Vector.bytes(ofHex: sealed.datagram))
        }
    }

    private func expectOpened(
        _ vector: HandshakeVector, from end: String, _ open: ([UInt8]) -> OpenedDatagram?
    ) throws {
        for sealed in vector.sealed where sealed.from == end {
            let opened = try #require(open(try Vector.bytes(ofHex: sealed.datagram)))
            #expect(opened.packetNumber == sealed.packetNumber)
            #expect(try opened.payload == Vector.bytes(ofHex: sealed.payload))
        }
    }

    @Test func theyCoverAllOutcomes() throws {
        let vectors = try HandshakeVector.all()
        #expect(Set(vectors.map(\.pattern)) == ["NNpsk0", "KKpsk0"])
        #expect(Set(vectors.map(\.refusal)) == [0, 1, 2])
    }
}
