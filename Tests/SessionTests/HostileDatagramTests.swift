import Media
import Session
import Testing
import WireFormat

@Suite struct HostileDatagramTests {
    @Test func rubbishIsCountedAndChangesNothing() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        pair.sender.add(.source(CallTests.source), at: pair.now)
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
    }

    @Test func aSecondSenderIsToldThatTheReceiverIsBusy() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        let stranger = try #require(NetworkAddress(bytes: [10, 0, 0, 9], port: 9))
        let hello = try #require(
            HelloFrame(
                size: .standard, rate: .standard, keypointCount: 20, sourceCount: 1,
                weightsHash: Pair.hash))
        let question = Datagram(
            call: CallIdentifier(5), packetNumber: 0, frames: [.hello(hello)]
        ).bytes
        pair.receiver.receive(question.span, from: stranger, at: pair.now)
        var answers: [([UInt8], NetworkAddress)] = []
        while case .transmit(let bytes, let address) = pair.receiver.poll(at: pair.now) {
            answers.append((bytes, address))
        }
        let answer = try #require(answers.first { $0.1 == stranger })
        #expect(answer.0.count <= question.count)
        let goodbye = try Datagram(parsing: answer.0.span)
        #expect(
            goodbye.frames == [.goodbye(GoodbyeFrame(reason: .busy, pictureCount: .zero))])
    }

    /// Sources and pictures without end, from the peer itself: state stays within its bounds.
    @Test func aPeerCannotMakeTheReceiverGrow() throws {
        var pair = try Pair()
        pair.run(for: .milliseconds(10))
        var number: UInt64 = 100
        for index in 0..<3000 {
            let source = CodedSource(
                identifier: SourceIdentifier(UInt16(index)),
                payload: Array(repeating: 1, count: 2000))
            let unit = try #require(
                CodedKeypoints(
                    firstPicture: PictureNumber(UInt32(index) * 1000), pictureCount: 16,
                    sourceSet: .zero, reference: .source(SourceIdentifier(0)), payload: [1]))
            for frame in [
                Frame.sourceFragment(SourceFragmentFrame(of: source, index: 0)), .keypoints(unit),
            ] {
                let bytes = Datagram(
                    call: CallIdentifier(77), packetNumber: number, frames: [frame]
                ).bytes
                pair.receiver.receive(bytes.span, from: pair.peer, at: pair.now)
                number += 1
            }
        }
        // Eight sources and the units within a minute are kept; the rest is refused.
        #expect(pair.receiver.statistics.rejectedDatagrams >= 3000 - 8 + 3000 - 2)
    }
}
