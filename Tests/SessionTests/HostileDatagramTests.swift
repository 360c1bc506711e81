import Media
import Session
import Testing
import WireFormat

@Suite struct HostileDatagramTests {
    @Test func rubbishIsCountedAndChangesNothing() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        try pair.introduce(CallTests.source)
        var random = SplitMix64(seed: 4)
        let stranger = try #require(NetworkAddress(bytes: [10, 0, 0, 9], port: 9))
        for index in 0..<5000 {
            let count = Int(random.next() % 1400)
            var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if index.isMultiple(of: 2), count > 6 { bytes[0] = WireConstants.version }
            pair.receiver.receive(
                bytes.span, from: index.isMultiple(of: 3) ? pair.peer : stranger, at: pair.now)
            pair.sender.receive(bytes.span, at: pair.now)
        }
        try pair.stream(pictures: 90)
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(3))
        #expect(pair.played.map(\.number) == Array(0..<90))
        #expect(pair.missed.isEmpty)
        #expect(pair.receiver.statistics.rejectedDatagrams == 5000)
        #expect(pair.sender.statistics.rejectedDatagrams == 5000)
    }

    @Test func aSecondSenderIsToldThatTheReceiverIsBusy() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        let stranger = try #require(NetworkAddress(bytes: [10, 0, 0, 9], port: 9))
        let hello = try #require(
            HelloFrame(
                size: .standard, rate: .standard, keypointCount: 20,
                promisedRate: Bitrate(kilobitsPerSecond: 12), weightsHash: Pair.hash))
        let question = Datagram(
            call: CallIdentifier(5), packetNumber: 0, payload: Payload([.hello(hello)]).bytes
        ).bytes
        pair.receiver.receive(question.span, from: stranger, at: pair.now)
        var answers: [([UInt8], NetworkAddress)] = []
        while case .transmit(let bytes, let address) = pair.receiver.poll(at: pair.now) {
            answers.append((bytes, address))
        }
        let answer = try #require(answers.first { $0.1 == stranger })
        #expect(answer.0.count <= question.count)
        let datagram = try Datagram(parsing: answer.0.span)
        let payload = try Payload(parsing: datagram.payload.span)
        #expect(
            payload.frames == [
                .goodbye(GoodbyeFrame(reason: .busy, pictureCount: .zero, isReceivers: true))
            ])
    }

    /// Strangers cannot make a receiver send more than a trickle, whatever they send.
    @Test func answersToStrangersKeepToARate() throws {
        var pair = try Pair()
        pair.receiver = Pair.receiver(.live, [1], at: .zero)
        let hello = try #require(
            HelloFrame(
                size: .standard, rate: .standard, keypointCount: 20,
                promisedRate: Bitrate(kilobitsPerSecond: 1000), weightsHash: Pair.hash))
        let question = Pair.datagram([.hello(hello)], number: 0)
        var sent = 0
        for _ in 0..<10_000 {
            pair.receiver.receive(question.span, from: pair.peer, at: .zero)
            while case .transmit(let bytes, _) = pair.receiver.poll(at: .zero) {
                sent += bytes.count + 28
            }
        }
        #expect(sent > 0 && sent <= 3000)
    }

    /// Sources and pictures without end, from the peer itself: state stays within its bounds.
    @Test func aPeerCannotMakeTheReceiverGrow() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        var number: UInt64 = 100
        for index in 0..<3000 {
            let source = SourceIdentifier(UInt16(index))
            let offer = try #require(
                SourceOfferFrame(
                    source: source, length: 2000, hash: [UInt8](repeating: 1, count: 16)))
            let unit = KeypointsFrame(
                firstPicture: UInt16(truncatingIfNeeded: index * 1000), pictureCount: 6,
                sourceSet: .zero, reference: .source(source), payload: [1])
            let set = try #require(
                SourceSet(number: SourceSetNumber(UInt8(index % 256)), sources: [source]))
            for frame in [Frame.sourceOffer(offer), .keypoints(unit), .sourceSet(set)] {
                let bytes = Pair.datagram([frame], number: number)
                pair.receiver.receive(bytes.span, from: pair.peer, at: pair.now)
                number += 1
            }
        }
        // Sixteen sources and the units within a minute are kept; the rest is refused.
        #expect(pair.receiver.statistics.rejectedDatagrams >= 3000 - 16 + 2800)
    }

    /// Acknowledgements of what was never sent, and statements about sources that nobody has.
    @Test func lyingFeedbackDoesNoHarm() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        try pair.introduce(CallTests.source)
        var random = SplitMix64(seed: 9)
        let before = pair.sender.statistics.rejectedDatagrams
        for index in 0..<2000 {
            let ranges = (0..<Int(random.next() % 17)).map { _ in
                AcknowledgementFrame.Range(
                    missing: 1 + Int(random.next() % 9), arrived: 1 + Int(random.next() % 9))
            }
            let acknowledgement = AcknowledgementFrame(
                largest: UInt16(truncatingIfNeeded: random.next()), delay: 3, arrival: 5,
                arrived: 1 + Int(random.next() % 60), ranges: ranges)
            let status = SourceStatusFrame(
                source: SourceIdentifier(UInt16(random.next() % 3)),
                held: [Int(random.next() % 9)..<100_000])
            let bytes = Pair.datagram(
                [.acknowledgement(acknowledgement), .sourceStatus(status)],
                number: 1000 + UInt64(index))
            pair.sender.receive(bytes.span, at: pair.now)
            pair.run(for: .milliseconds(5))
        }
        #expect(pair.sender.statistics.rejectedDatagrams > before + 1500)
        #expect(pair.sender.isConnected)
    }
}
