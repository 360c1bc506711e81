import Media
import NetworkEmulation
import Pipeline
import Security
import Session
import Testing
import WireFormat

/// Whole calls through the channel, alone and with somebody on the path.
@Suite struct SecuredCallTests {
    private func slow() -> LinkConditions {
        var link = LinkConditions()
        link.delay = .milliseconds(40)
        return link
    }

    @Test func everyPictureArrivesAndNothingGoesInTheClear() throws {
        var pair = try SecuredPair(slow())
        var kinds: Set<UInt8> = []
        let payload: [UInt8] = [1, 2, 3, 4, 5, 6]
        var seen: [[UInt8]] = []
        // The closure must not capture an inout pair.
        let log = Log()
        pair.attacker = { bytes, _ in
            log.datagrams.append(bytes)
            return []
        }
        try pair.wholeCall(pictures: 60)
        seen = log.datagrams
        #expect(pair.shown == Array(0..<60))
        for datagram in seen {
            kinds.insert(datagram[0])
            #expect(!datagram.contains(payload))
            #expect(!datagram.contains(SecuredPair.hash))
        }
        #expect(kinds == [0x40 | SecurityConstants.version, 0xC0 | SecurityConstants.version])
        #expect(pair.sender.security.sentHandshakes == 1)
    }

    @Test(arguments: [4.0, 8, 12.2, 24])
    func thePromiseIsKeptWithSealsAndHandshake(rate: Double) throws {
        for seed in 1...5 as ClosedRange<UInt64> {
            var link = slow()
            link.loss = .init(random: 0.1)
            let rate = Bitrate(kilobitsPerSecond: rate)
            var pair = try SecuredPair(link, seed: seed, rate: rate)
            try pair.wholeCall(pictures: 90, source: 2000)
            #expect(pair.busiestTwoSeconds <= rate.size(over: .seconds(2)).bytes)
            let total = pair.wire.reduce(0) { $0 + $1.bytes }
            #expect(pair.sender.traffic.size.bytes == total)
        }
    }

    @Test func badLinksDoNotKeepACallFromBeingMade() throws {
        var link = slow()
        link.loss = .init(random: 0.2)
        link.jitter = .milliseconds(60)
        link.duplication = 0.1
        link.corruption = 0.05
        for seed in 1...20 as ClosedRange<UInt64> {
            var pair = try SecuredPair(link, seed: seed)
            try pair.introduce()
            try pair.stream(pictures: 30)
            #expect(!pair.shown.isEmpty, "seed \(seed): \(pair.shown)")
        }
    }

    /// Each datagram of either direction is sent again, changed, cut, reflected and from elsewhere, before and after
    /// itself.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func nobodyOnThePathChangesWhatIsShown(seed: UInt64) throws {
        var pair = try SecuredPair(slow(), seed: seed)
        let (there, back) = (Log(), Log())
        pair.attacker = try attacks(there, reflecting: back, honest: pair.address)
        pair.attackerBack = try attacks(back, reflecting: there, honest: pair.address)
        try pair.wholeCall(pictures: 60)
        #expect(pair.shown == Array(0..<60))
        #expect(pair.received.contains(.ended(.bySender(.finished))))
        #expect(pair.sent.contains(.ended(.finished(.finished))))
        #expect(there.reflected > 50 && back.reflected > 50)
        for counts in [pair.receiver.security, pair.sender.security] {
            #expect(counts.replayed > 50 && counts.forged > 50 && counts.unprotected > 50)
            #expect(counts.malformed > 50)
            // The question again, from elsewhere, is answered there, and with nothing that is of use.
            #expect(counts.addressChanges == 0)
        }
        #expect(pair.receiver.security.opened <= pair.sender.statistics.sentDatagrams)
        #expect(pair.sender.security.opened <= pair.receiver.statistics.sentDatagrams)
    }

    /// What somebody on the path puts before each datagram of one direction.
    private func attacks(
        _ log: Log, reflecting other: Log, honest: NetworkAddress
    ) throws -> SecuredPair.Attacker {
        let stranger = try SecuredPair.address(66)
        return { bytes, random in
            defer { log.datagrams.append(bytes) }
            var attacks: [(bytes: [UInt8], from: NetworkAddress)] = []
            for _ in 0..<4 {
                let from = Bool.random(using: &random) ? stranger : honest
                if let old = log.datagrams.randomElement(using: &random) {
                    attacks.append((old, from))
                }
                // What the end itself has said, to its face.
                if let own = other.datagrams.randomElement(using: &random) {
                    attacks.append((own, from))
                    log.reflected += 1
                }
                var changed = bytes
                let bit = Int.random(in: 0..<changed.count * 8, using: &random)
                changed[bit / 8] ^= 1 << (bit % 8)
                attacks.append((changed, from))
                attacks.append(
                    (Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))), from))
                let noise = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                attacks.append((noise, from))
                // A frame that would end the call, were it believed.
                let goodbye = GoodbyeFrame(
                    reason: .failed, pictureCount: .zero,
                    isReceivers: Bool.random(using: &random))
                let plain = Datagram(
                    call: CallIdentifier(77), packetNumber: 1,
                    payload: Payload([.goodbye(goodbye)]).bytes
                ).bytes
                attacks.append((plain, from))
            }
            return attacks
        }
    }

    @Test func theSenderMayMoveInTheMiddle() throws {
        var pair = try SecuredPair(slow())
        try pair.introduce()
        try pair.stream(pictures: 30)
        pair.address = try SecuredPair.address(9)
        try pair.stream(pictures: 30, from: 30)
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(4))
        #expect(pair.shown == Array(0..<60))
        #expect(pair.receiver.security.addressChanges == 1)
        #expect(pair.sent.contains(.ended(.finished(.finished))))
    }

    @Test func aStolenDatagramFromElsewhereMovesNobody() throws {
        var pair = try SecuredPair(slow())
        try pair.introduce()
        let log = Log()
        pair.attacker = { bytes, _ in
            log.datagrams.append(bytes)
            return []
        }
        try pair.stream(pictures: 30)
        let thief = try SecuredPair.address(66)
        for datagram in log.datagrams {
            pair.receiver.receive(datagram.span, from: thief, at: pair.now)
        }
        try pair.stream(pictures: 30, from: 30)
        #expect(pair.receiver.peer == pair.address && pair.strayAnswers == 0)
        #expect(pair.receiver.security.replayed == log.datagrams.count / 2)
    }

    @Test func tenThousandQuestionsInTheMiddleOfACall() throws {
        var pair = try SecuredPair(slow())
        try pair.introduce()
        try pair.stream(pictures: 30)
        let stranger = try SecuredPair.address(66)
        var random = SplitMix64(seed: 8)
        for _ in 0..<10_000 {
            let question = [0x44] + (1..<86).map { _ in UInt8.random(in: 0...255, using: &random) }
            pair.receiver.receive(question.span, from: stranger, at: pair.now)
        }
        try pair.stream(pictures: 30, from: 30)
        pair.run(for: .seconds(1))
        #expect(pair.shown == Array(0..<60) && pair.strayAnswers == 0)
        #expect(pair.receiver.security.forgedHandshakes == 10_000)
    }

    @Test func otherKeysAndOtherWeights() throws {
        var stranger = try SecuredPair(slow(), senderKey: 2)
        stranger.run(for: .seconds(11))
        #expect(stranger.sent == [.ended(.noAnswer)])
        #expect(stranger.received.isEmpty && stranger.receiver.security.sentHandshakes == 0)
        var other = try SecuredPair(slow(), senderHash: [UInt8](repeating: 8, count: 32))
        other.run(for: .seconds(1))
        #expect(other.sent == [.ended(.byReceiver(.weightsDiffer))])
        #expect(other.received.isEmpty)
    }

    @Test func anOutageOfFiveSecondsNeedsNoNewCall() throws {
        var pair = try SecuredPair(slow())
        try pair.introduce()
        try pair.stream(pictures: 30)
        let (there, back) = (pair.there, pair.back)
        var dead = LinkConditions()
        dead.loss = .init(random: 1)
        pair.there = EmulatedLink(dead, seed: 1)
        pair.back = EmulatedLink(dead, seed: 1)
        pair.run(for: .seconds(5))
        (pair.there, pair.back) = (there, back)
        try pair.stream(pictures: 60, from: 30)
        pair.run(for: .seconds(1))
        #expect(pair.shown.suffix(30) == Array(60..<90)[...])
        #expect(!pair.sent.contains { if case .ended = $0 { true } else { false } })
    }

    @Test func aReceiverThatWasStartedAnewTakesTheCallOver() throws {
        var pair = try SecuredPair(slow())
        try pair.introduce()
        try pair.stream(pictures: 30)
        pair.receiver = try SecuredPair.receiver(seed: 9, at: pair.now)
        pair.received = []
        // Three seconds until the sender asks for new keys, then the source again.
        try pair.stream(pictures: 300, from: 30)
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(4))
        #expect(pair.shown.count > 150 && pair.shown.last == 329)
        #expect(pair.sent.contains(.ended(.finished(.finished))))
        #expect(pair.receiver.security.forged > 0)
    }

    @Test func endingBeforeThereIsAnAnswer() throws {
        var pair = try SecuredPair(slow())
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .milliseconds(1))
        #expect(pair.sent == [.ended(.finished(.finished))])
    }
}

/// What an attacker remembers.
private final class Log {
    var datagrams: [[UInt8]] = []
    var reflected = 0
}
