import KeypointCoding
import Media
import TestSupport
import Testing
import VideoCoding

@Suite struct VideoCodecTests {
    let still = StubStillCodec()
    let tables: KeypointTables

    init() throws { tables = try ShippedTables.read() }

    func encoder(picturesPerUnit: Int = 3) throws -> VideoEncoder {
        var configuration = VideoEncoder.Configuration()
        configuration.picturesPerUnit = picturesPerUnit
        configuration.step = QuantizerStep.all[0]
        return VideoEncoder(
            detector: StubDetector(), stillEncoder: still, stillDecoder: still,
            keypointEncoder: try KeypointEncoder(tables), configuration: configuration)
    }

    /// A decoder that knows of a set of the first source alone.
    func decoder(_ generator: StubGenerator) throws -> VideoDecoder {
        let decoder = VideoDecoder(
            generator: generator, stillDecoder: still, keypointDecoder: KeypointDecoder(tables),
            size: SyntheticPictures.size)
        decoder.insert(
            try #require(SourceSet(number: .zero, sources: [SourceIdentifier(0)])))
        return decoder
    }

    @Test func picturesComeOutWithTheirOwnKeypoints() throws {
        let generator = StubGenerator()
        let encoder = try encoder()
        let decoder = try decoder(generator)
        let first = try #require(SyntheticPictures.spot(0))
        let source = try encoder.encodeSource(first, as: SourceIdentifier(0))
        #expect(try decoder.insert(source).y == first.y)
        let detector = StubDetector()
        for number in 0..<30 {
            let picture = try #require(SyntheticPictures.spot(number))
            let expected = try detector.detect(in: picture)
            for unit in try encoder.encode(picture, number: PictureNumber(UInt32(number))) {
                #expect(unit.pictureCount == 3)
                try decoder.insert(unit)
                for offset in 0..<3 {
                    let shown = try #require(unit.firstPicture.advanced(by: offset))
                    let decoded = decoder.picture(shown, time: .zero)
                    #expect(decoded?.origin == .generated)
                }
            }
            if number % 3 == 2 {
                let got = try #require(generator.requests.last)
                for (a, b) in zip(got.points, expected.points) {
                    #expect(abs(a.x - b.x) <= 4.0 / 128 && abs(a.y - b.y) <= 4.0 / 128)
                }
            }
        }
        #expect(generator.requests.count == 30)
    }

    @Test func aGapInTheNumbersEndsTheUnit() throws {
        let encoder = try encoder(picturesPerUnit: 6)
        let picture = try #require(SyntheticPictures.spot(0))
        _ = try encoder.encodeSource(picture, as: SourceIdentifier(0))
        #expect(try encoder.encode(picture, number: PictureNumber(0)).isEmpty)
        #expect(try encoder.encode(picture, number: PictureNumber(1)).isEmpty)
        let units = try encoder.encode(picture, number: PictureNumber(5))
        #expect(units.map(\.firstPicture.rawValue) == [0])
        #expect(units.map(\.pictureCount) == [2])
        #expect(try encoder.flush().map(\.firstPicture.rawValue) == [5])
        #expect(try encoder.flush().isEmpty)
    }

    @Test func theConfigurationCanChangeDuringACall() throws {
        let encoder = try encoder(picturesPerUnit: 1)
        let picture = try #require(SyntheticPictures.spot(0))
        _ = try encoder.encodeSource(picture, as: SourceIdentifier(0))
        var counts: [Int] = []
        for number in 0..<12 {
            if number == 4 { encoder.configuration.picturesPerUnit = 4 }
            // More than a unit holds.
            if number == 6 { encoder.configuration.picturesPerUnit = 100 }
            counts += try encoder.encode(picture, number: PictureNumber(UInt32(number)))
                .map(\.pictureCount)
        }
        #expect(counts == [1, 1, 1, 1, 6])
        #expect(try encoder.flush().map(\.pictureCount) == [2])
    }

    @Test func keypointsNeedASource() throws {
        let picture = try #require(SyntheticPictures.spot(0))
        #expect(throws: CodecError.sourceCount(0)) {
            try encoder().encode(picture, number: .zero)
        }
    }

    /// Two sets that are told of together: the older one counts as reached, though it never was the present one.
    @Test func aNewerSetReachesThoseBeforeIt() throws {
        let encoder = try encoder(picturesPerUnit: 1)
        let numbers = [254, 255, 0, 1].map { SourceSetNumber(UInt8($0)) }
        for number in numbers {
            encoder.insert(
                try #require(SourceSet(number: number, sources: [SourceIdentifier(0)])))
        }
        #expect(!encoder.hasReached(numbers[0]))
        encoder.acknowledge(numbers[0])
        encoder.acknowledge(numbers[2])
        #expect(encoder.sourceSet == numbers[2])
        #expect(numbers.map(encoder.hasReached) == [true, true, true, false])
    }

    @Test func theNearestOfWhatIsAcknowledgedIsPredictedFrom() throws {
        let encoder = try encoder(picturesPerUnit: 1)
        for index in 0..<3 {
            let picture = try #require(SyntheticPictures.spot(index * 7))
            _ = try encoder.encodeSource(picture, as: SourceIdentifier(UInt16(index)))
        }
        let picture = try #require(SyntheticPictures.spot(14))
        let before = try encoder.encode(picture, number: PictureNumber(0))
        #expect(before.map(\.reference) == [.source(SourceIdentifier(0))])
        encoder.acknowledge(SourceIdentifier(0))
        encoder.acknowledge(SourceIdentifier(2))
        let after = try encoder.encode(picture, number: PictureNumber(1))
        #expect(after.map(\.reference) == [.source(SourceIdentifier(2))])
        // A source that is given up is not predicted from.
        encoder.remove(SourceIdentifier(2))
        let left = try encoder.encode(picture, number: PictureNumber(2))
        #expect(left.map(\.reference) == [.source(SourceIdentifier(0))])
        // Of pictures only those that have arrived, up to 64 before.
        let other = try #require(SyntheticPictures.spot(0))
        _ = try encoder.encode(other, number: PictureNumber(3))
        encoder.acknowledgePictures(from: PictureNumber(2), count: 2)
        let near = try encoder.encode(picture, number: PictureNumber(4))
        #expect(near.map(\.reference) == [.picture(PictureNumber(2))])
        let last = try encoder.encode(picture, number: PictureNumber(66))
        #expect(last.map(\.reference) == [.picture(PictureNumber(2))])
        let far = try encoder.encode(other, number: PictureNumber(131))
        #expect(far.map(\.reference) == [.source(SourceIdentifier(0))])
    }

    /// Units lost here and there cost their own pictures; those that arrive decode to what was sent.
    @Test func pictureReferencesSurviveLoss() throws {
        let generator = StubGenerator()
        let encoder = try encoder(picturesPerUnit: 2)
        let decoder = try decoder(generator)
        var random = SplitMix64(seed: 4)
        let source = try encoder.encodeSource(
            try #require(SyntheticPictures.spot(0)), as: SourceIdentifier(0))
        try decoder.insert(source)
        encoder.acknowledge(SourceIdentifier(0))
        var (lost, fromPictures) = (0, 0)
        for number in 0..<600 {
            let picture = try #require(SyntheticPictures.spot(number))
            for unit in try encoder.encode(picture, number: PictureNumber(UInt32(number))) {
                if case .picture = unit.reference { fromPictures += 1 }
                if random.unit() < 0.3 {
                    lost += 1
                    #expect(decoder.picture(unit.firstPicture, time: .zero)?.origin != .generated)
                    continue
                }
                try decoder.insert(unit)
                #expect(decoder.picture(unit.firstPicture, time: .zero)?.origin == .generated)
                encoder.acknowledgePictures(from: unit.firstPicture, count: unit.pictureCount)
                let got = try #require(generator.requests.last)
                let before = try #require(SyntheticPictures.spot(number - 1))
                let expected = try StubDetector().detect(in: before)
                for (a, b) in zip(got.points, expected.points) {
                    #expect(abs(a.x - b.x) <= 4.0 / 128 && abs(a.y - b.y) <= 4.0 / 128)
                }
            }
        }
        #expect(lost > 50 && fromPictures > 200)
    }

    @Test func missingKeypointsHoldTheLastPicture() throws {
        let decoder = try decoder(StubGenerator())
        #expect(decoder.picture(.zero, time: .zero) == nil)
        let encoder = try encoder(picturesPerUnit: 1)
        let picture = try #require(SyntheticPictures.spot(3))
        let source = try decoder.insert(try encoder.encodeSource(picture, as: SourceIdentifier(0)))
        // Something to see before the first keypoints.
        let still = try #require(decoder.picture(.zero, time: MediaTime(microseconds: 20_000)))
        #expect(still.origin == .missing && still.frame.y == source.y)
        #expect(still.frame.time.microseconds == 20_000)
        let unit = try #require(try encoder.encode(picture, number: .zero).first)
        try decoder.insert(unit)
        let shown = try #require(decoder.picture(.zero, time: .zero))
        let held = try #require(
            decoder.picture(PictureNumber(1), time: MediaTime(microseconds: 40_000)))
        #expect(held.origin == .missing)
        #expect(held.frame.y == shown.frame.y)
        #expect(held.frame.time.microseconds == 40_000)
    }

    @Test func unitsThatCannotBeDecodedAreRefused() throws {
        let decoder = try decoder(StubGenerator())
        let encoder = try encoder(picturesPerUnit: 1)
        let picture = try #require(SyntheticPictures.spot(3))
        try decoder.insert(try encoder.encodeSource(picture, as: SourceIdentifier(0)))
        let good = try #require(try encoder.encode(picture, number: PictureNumber(100)).first)
        try decoder.insert(good)
        #expect(decoder.picture(PictureNumber(100), time: .zero)?.origin == .generated)
        let number = PictureNumber(101)
        for (first, reference, payload) in [
            (number, .source(SourceIdentifier(9)), good.payload),
            (number, .source(SourceIdentifier(0)), []),
            // Never sent, in the future, too far back, and the picture itself.
            (number, .picture(PictureNumber(99)), good.payload),
            (number, .picture(PictureNumber(102)), good.payload),
            (PictureNumber(165), .picture(PictureNumber(100)), good.payload),
            (PictureNumber(100), .picture(PictureNumber(100)), good.payload),
        ] as [(PictureNumber, KeypointReference, [UInt8])] {
            let unit = try #require(
                CodedKeypoints(
                    firstPicture: first, pictureCount: 1, sourceSet: .zero, reference: reference,
                    payload: payload))
            #expect(throws: CodecError.self) { try decoder.insert(unit) }
        }
        #expect(decoder.picture(number, time: .zero)?.origin == .missing)
    }
}
