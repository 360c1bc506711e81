import Media
import Testing

import WireFormat

@Suite struct DatagramTests {
    static let source = CodedSource(
        identifier: SourceIdentifier(300), payload: (0..<2500).map { UInt8(truncatingIfNeeded: $0) }
    )

    static func frames() throws -> [Frame] {
        let hello = try #require(
            HelloFrame(
                size: .standard, rate: .standard, keypointCount: 20, sourceCount: 1,
                weightsHash: (0..<32).map { UInt8($0) }))
        let unit = try #require(
            CodedKeypoints(
                firstPicture: PictureNumber(1000), pictureCount: 3,
                sourceSet: .zero, reference: .source(SourceIdentifier(0)), payload: [1, 2, 3]))
        let feedback = FeedbackFrame(
            largestPacketNumber: 99, receivedDatagrams: 98, lostPictures: 3,
            sources: [
                SourceStatus(source: SourceIdentifier(0), arrived: [true]),
                SourceStatus(
                    source: SourceIdentifier(5), arrived: (0..<10).map { $0.isMultiple(of: 3) }),
            ])
        let packet = try #require(VoicePacket([3 << 3 | 1, 1, 2, 3, 4]))
        let single = try #require(VoicePacket([1 << 3, 5]))
        return [
            .hello(hello), .sound(SoundFrame()), .keypoints(unit),
            .voice(VoiceFrame(start: nil, packet: packet)),
            .voice(VoiceFrame(start: nil, packet: single)),
            .voice(VoiceFrame(start: VoiceTick(70_000), packet: single)),
            .feedback(feedback), .keepAlive,
            .goodbye(GoodbyeFrame(reason: .finished, pictureCount: PictureNumber(250))),
        ]
    }

    static func all() throws -> Datagram {
        Datagram(call: CallIdentifier(0xDEAD_BEEF), packetNumber: 12345, frames: try frames())
    }

    @Test func everyFrameReturns() throws {
        let datagram = try Self.all()
        #expect(try Datagram(parsing: datagram.bytes.span) == datagram)
    }

    @Test(arguments: 0..<3) func fragmentsReturn(index: Int) throws {
        let fragment = SourceFragmentFrame(of: Self.source, index: index)
        let datagram = Datagram(
            call: CallIdentifier(1), packetNumber: 0, frames: [.sourceFragment(fragment)])
        #expect(datagram.bytes.count <= WireConstants.largestDatagram)
        #expect(try Datagram(parsing: datagram.bytes.span) == datagram)
        #expect(
            fragment.bytes
                == Array(Self.source.payload[index * 1100..<min(2500, index * 1100 + 1100)]))
    }

    /// A datagram cut short is an error or, at the border of a frame, a shorter datagram; never a
    /// wrong frame.
    @Test func everyTruncationIsAnErrorOrAPrefix() throws {
        let datagram = try Self.all()
        let bytes = datagram.bytes
        for count in 0..<bytes.count {
            let cut = Array(bytes[..<count])
            do {
                let parsed = try Datagram(parsing: cut.span)
                #expect(parsed.frames.elementsEqual(datagram.frames.prefix(parsed.frames.count)))
                #expect(parsed.frames.count < datagram.frames.count)
            } catch {
                #expect([.truncated, .empty].contains(error), "\(count) bytes: \(error)")
            }
        }
    }

    @Test func whatParsesWritesTheSameMeaning() throws {
        var random = SplitMix64(seed: 7)
        let bytes = try Self.all().bytes
        var parsedCount = 0
        for _ in 0..<20_000 {
            var mutated = bytes
            for _ in 0..<Int(random.next() % 4 + 1) {
                mutated[Int(random.next() % UInt64(mutated.count))] = UInt8(
                    truncatingIfNeeded: random.next())
            }
            guard let parsed = try? Datagram(parsing: mutated.span) else { continue }
            parsedCount += 1
            #expect(try Datagram(parsing: parsed.bytes.span) == parsed)
        }
        #expect(parsedCount > 1000)
    }

    @Test func otherVersionsAreNamed() {
        #expect(throws: WireError.unsupportedVersion(1)) {
            try Datagram(parsing: [1, 0, 0, 0, 0, 0, 6].span)
        }
    }

    @Test func longDatagramsAreRefusedUnread() {
        let long = [UInt8](repeating: 1, count: 1201)
        #expect(throws: WireError.oversized(bytes: 1201)) { try Datagram(parsing: long.span) }
    }

    @Test(arguments: [0, 63, 64, 16383, 16384, 0x3FFF_FFFF, 0x4000_0000, UInt64(1) << 61])
    func integersReturn(value: UInt64) throws {
        var bytes: [UInt8] = []
        bytes.append(integer: value)
        var cursor = ByteCursor()
        #expect(try cursor.integer(bytes.span) == value)
        #expect(cursor.offset == bytes.count)
    }

    /// The examples of RFC 9000, appendix A.1.
    @Test(
        arguments: [
            ([0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c], 151_288_809_941_952_652),
            ([0x9d, 0x7f, 0x3e, 0x7d], 494_878_333), ([0x7b, 0xbd], 15_293), ([0x25], 37),
            ([0x40, 0x25], 37),
        ] as [([UInt8], UInt64)])
    func integersAreThoseOfQUIC(bytes: [UInt8], value: UInt64) throws {
        var cursor = ByteCursor()
        #expect(try cursor.integer(bytes.span) == value)
    }
}
