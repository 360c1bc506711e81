import Media
import Testing
import WireFormat

@Suite struct DatagramTests {
    static func frames() throws -> [Frame] {
        let hello = try #require(
            HelloFrame(
                size: .standard, rate: .standard, keypointCount: 20,
                promisedRate: Bitrate(kilobitsPerSecond: 12.2), weightsHash: (0..<32).map { $0 }))
        let source = SourceIdentifier(300)
        let offer = try #require(
            SourceOfferFrame(source: source, length: 2500, hash: (0..<16).map { $0 }))
        let set = try #require(
            SourceSet(number: SourceSetNumber(9), sources: [source, SourceIdentifier(2)]))
        let packet = try #require(VoicePacket([3 << 3 | 1, 1, 2, 3, 4]))
        let single = try #require(VoicePacket([1 << 3, 5]))
        let held = try #require(
            HeldPictures(
                firstPicture: PictureNumber(70_000), pictureCount: 16, isMarked: true))
        let acknowledgement = AcknowledgementFrame(
            largest: 65_500, delay: 100, arrival: 40_000, arrived: 70,
            ranges: [.init(missing: 1, arrived: 3), .init(missing: 100, arrived: 1)])
        return [
            .hello(hello), .sound(SoundFrame()),
            keypoints(.pictureBefore(15)), .voice(VoiceFrame(start: nil, packet: packet)),
            .voice(VoiceFrame(start: nil, packet: single)),
            .voice(VoiceFrame(start: VoiceTick(70_000), packet: single)),
            keypoints(.source(source)), .sourceOffer(offer), .sourceSet(set),
            .sourceDrop(SourceIdentifier(1)), .acknowledgement(acknowledgement),
            .sourceStatus(SourceStatusFrame(source: source, held: [0..<70, 71..<2400])),
            .report(ReportFrame(receivedDatagrams: 99, lostPictures: 3, lostVoiceTicks: 6)),
            .keepAlive, .restarted, .hold(HoldFrame(held)),
            .picture(
                PictureFrame(picture: 1003, kind: .key, offset: 0, bytes: [1], isLast: true)),
            .picture(
                PictureFrame(
                    picture: 2, kind: .anchor(distance: 64), offset: 9, bytes: [1, 2],
                    isLast: false)),
            .picture(
                PictureFrame(
                    picture: 65_535, kind: .leaf(distance: 1500), offset: 60_000, bytes: [7],
                    isLast: true)),
            .pictureStatus(PictureStatusFrame(anchor: PictureNumber(70_000))),
            .pictureStatus(PictureStatusFrame(anchor: nil)),
            .goodbye(GoodbyeFrame(reason: .finished, pictureCount: PictureNumber(250))),
            .goodbye(GoodbyeFrame(reason: .busy, pictureCount: .zero, isReceivers: true)),
            .sourceData(SourceDataFrame(source: source, offset: 70, bytes: [1, 2, 3])),
        ]
    }

    static func keypoints(_ reference: KeypointsFrame.Reference) -> Frame {
        .keypoints(
            KeypointsFrame(
                firstPicture: 1000, pictureCount: 3, sourceSet: SourceSetNumber(9),
                reference: reference, payload: [1, 2, 3]))
    }

    @Test func everyFrameReturns() throws {
        let payload = Payload(try Self.frames())
        #expect(try Payload(parsing: payload.bytes.span) == payload)
        for frame in payload.frames {
            // Sound that does not say where it begins stands behind what does.
            let alone = Payload([Self.keypoints(.pictureBefore(1)), frame, .keepAlive])
            #expect(try Payload(parsing: alone.bytes.span) == alone)
            let last = Payload([Self.keypoints(.pictureBefore(1)), frame])
            #expect(try Payload(parsing: last.bytes.span) == last)
            #expect(last.bytes.count + 1 >= frame.sizeAtEnd.bytes)
        }
    }

    @Test func aDatagramIsItsHeaderAndThePayload() throws {
        let datagram = Datagram(
            call: CallIdentifier(0xDEAD_BEEF), packetNumber: 0x1_2345, payload: [4])
        #expect(datagram.bytes == [4, 0, 0xDE, 0xAD, 0xBE, 0xEF, 0x23, 0x45, 4])
        #expect(try Datagram(parsing: datagram.bytes.span) == datagram)
        // A sealed one is to have no more room than planned.
        #expect(Datagram.headerSize <= WireConstants.datagramOverhead)
    }

    /// What is the last frame of a datagram goes without its length.
    @Test func theLastFrameSavesItsLength() throws {
        let long = try #require(VoicePacket([3 << 3 | 1] + [UInt8](repeating: 0, count: 90)))
        let voice = Frame.voice(VoiceFrame(start: nil, packet: long))
        #expect(voice.size.bytes == 3 + 91 && voice.sizeAtEnd.bytes == 1 + 91)
        // Keypoints of three pictures: five bytes and a length.
        #expect(Self.keypoints(.pictureBefore(32)).size.bytes == 6 + 3)
        #expect(Self.keypoints(.pictureBefore(32)).sizeAtEnd.bytes == 5 + 3)
    }

    /// A payload cut short is an error or, at the border of a frame or inside one that goes on to the
    /// end, a shorter one; never a wrong frame.
    @Test func everyTruncationIsAnErrorOrAPrefix() throws {
        let payload = Payload(try Self.frames())
        let bytes = payload.bytes
        for count in 0..<bytes.count {
            let cut = Array(bytes[..<count])
            do {
                let parsed = try Payload(parsing: cut.span)
                let same = zip(parsed.frames, payload.frames).prefix { $0 == $1 }.count
                #expect(same >= parsed.frames.count - 1)
                #expect(same == parsed.frames.count || same == payload.frames.count - 1)
            } catch {
                let isKnown =
                    error == .truncated || error == .empty
                    || error == .valueOutOfRange(field: .dataLength, value: 0)
                #expect(isKnown, "\(count) bytes: \(error)")
            }
        }
    }

    @Test func whatParsesWritesTheSameMeaning() throws {
        var random = SplitMix64(seed: 7)
        let bytes = Payload(try Self.frames()).bytes
        var parsedCount = 0
        for _ in 0..<20_000 {
            var mutated = bytes
            for _ in 0..<Int(random.next() % 4 + 1) {
                mutated[Int(random.next() % UInt64(mutated.count))] = UInt8(
                    truncatingIfNeeded: random.next())
            }
            guard let parsed = try? Payload(parsing: mutated.span) else { continue }
            parsedCount += 1
            #expect(try Payload(parsing: parsed.bytes.span) == parsed)
        }
        #expect(parsedCount > 1000)
    }

    @Test func otherVersionsAndKindsAreNamed() {
        for version in UInt8.min...31 where version != WireConstants.version {
            #expect(throws: WireError.unsupportedVersion(version)) {
                try Datagram(parsing: [version, 0, 0, 0, 0, 0, 6, 4].span)
            }
        }
        #expect(throws: WireError.unknownKind(1)) {
            try Datagram(parsing: [4, 1, 0, 0, 0, 0, 6, 4].span)
        }
        #expect(throws: WireError.truncated) { try Datagram(parsing: [4, 0, 1, 2, 3, 4, 5].span) }
    }

    @Test func longDatagramsAreRefusedUnread() {
        let long = [UInt8](repeating: 1, count: 1201)
        #expect(throws: WireError.oversized(bytes: 1201)) { try Datagram(parsing: long.span) }
        #expect(throws: WireError.oversized(bytes: 1201)) { try Payload(parsing: long.span) }
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

    /// The example of RFC 9000, appendix A.3, and the borders.
    @Test func lowBitsAreFoundNearWhatIsExpected() {
        #expect(LowBits.expand(0x9b32, near: 0xa82f_30eb) == 0xa82f_9b32)
        #expect(LowBits.expand(0xFFFF, near: 0) == 0xFFFF)
        #expect(LowBits.expand(0, near: 0xFFFF) == 0x1_0000)
        #expect(LowBits.expand(0xFFFF, near: 0x1_0000) == 0xFFFF)
        for expected in stride(from: UInt64(0), to: 300_000, by: 997) {
            for distance in stride(from: -30_000, through: 30_000, by: 7919) {
                let number = Int(expected) + distance
                guard number >= 0 else { continue }
                let low = UInt16(truncatingIfNeeded: number)
                #expect(LowBits.expand(low, near: expected) == UInt64(number))
            }
        }
    }

    @Test func unitsReturnFromTheirLowBits() throws {
        for first in [0, 5, 65_535, 65_536, 1_000_000] as [UInt32] {
            for distance in [1, 32, 64] as [UInt32] where first >= distance {
                let unit = try #require(
                    CodedKeypoints(
                        firstPicture: PictureNumber(first), pictureCount: 3,
                        sourceSet: SourceSetNumber(200),
                        reference: .picture(PictureNumber(first - distance)), payload: [1]))
                let frame = try #require(KeypointsFrame(unit))
                let near = PictureNumber(first > 1000 ? first - 1000 : 0)
                #expect(frame.unit(near: near) == unit)
            }
        }
        // A picture before the first one is none.
        let frame = KeypointsFrame(
            firstPicture: 3, pictureCount: 1, sourceSet: .zero, reference: .pictureBefore(4),
            payload: [1])
        #expect(frame.unit(near: .zero) == nil)
    }

    @Test func acknowledgementsNeverReachBelowZero() throws {
        let frame = AcknowledgementFrame(
            largest: 10, delay: 0, arrival: 0, arrived: 2,
            ranges: [.init(missing: 3, arrived: 4), .init(missing: 1, arrived: 1)])
        #expect(frame.numbers(largest: 10) == [9...10, 2...5, 0...0])
        #expect(frame.numbers(largest: 9) == nil)
    }
}
