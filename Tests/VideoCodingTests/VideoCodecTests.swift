import KeypointCoding
import Media
import TestSupport
import Testing
import VideoCoding

@Suite struct VideoCodecTests {
    let still = StubStillCodec()

    func encoder(picturesPerUnit: Int = 3) -> VideoEncoder {
        var configuration = VideoEncoder.Configuration()
        configuration.picturesPerUnit = picturesPerUnit
        return VideoEncoder(
            detector: StubDetector(), stillEncoder: still, stillDecoder: still,
            configuration: configuration)
    }

    func decoder(_ generator: StubGenerator) -> VideoDecoder {
        VideoDecoder(
            generator: generator, stillDecoder: still, size: SyntheticPictures.size,
            keypointCount: 20)
    }

    @Test func picturesComeOutWithTheirOwnKeypoints() throws {
        let generator = StubGenerator()
        let encoder = encoder()
        let decoder = decoder(generator)
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
                    #expect(abs(a.x - b.x) <= 0.5 / 128 && abs(a.y - b.y) <= 0.5 / 128)
                }
            }
        }
        #expect(generator.requests.count == 30)
    }

    @Test func aGapInTheNumbersEndsTheUnit() throws {
        let encoder = encoder(picturesPerUnit: 8)
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

    @Test func keypointsNeedASource() throws {
        let picture = try #require(SyntheticPictures.spot(0))
        #expect(throws: CodecError.sourceCount(0)) {
            try encoder().encode(picture, number: .zero)
        }
    }

    @Test func onlyAcknowledgedSourcesArePredictedFrom() throws {
        let encoder = encoder(picturesPerUnit: 1)
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
    }

    @Test func missingKeypointsHoldTheLastPicture() throws {
        let decoder = decoder(StubGenerator())
        #expect(decoder.picture(.zero, time: .zero) == nil)
        let encoder = encoder(picturesPerUnit: 1)
        let picture = try #require(SyntheticPictures.spot(3))
        try decoder.insert(try encoder.encodeSource(picture, as: SourceIdentifier(0)))
        let unit = try #require(try encoder.encode(picture, number: .zero).first)
        try decoder.insert(unit)
        let shown = try #require(decoder.picture(.zero, time: .zero))
        let held = try #require(
            decoder.picture(PictureNumber(1), time: MediaTime(microseconds: 40_000)))
        #expect(held.origin == .missing)
        #expect(held.frame.y == shown.frame.y)
        #expect(held.frame.time.microseconds == 40_000)
    }

    @Test func unitsForUnknownSourcesAndRubbishHoldTheLastPicture() throws {
        let decoder = decoder(StubGenerator())
        let encoder = encoder(picturesPerUnit: 1)
        let picture = try #require(SyntheticPictures.spot(3))
        try decoder.insert(try encoder.encodeSource(picture, as: SourceIdentifier(0)))
        let good = try #require(try encoder.encode(picture, number: .zero).first)
        try decoder.insert(good)
        #expect(decoder.picture(.zero, time: .zero)?.origin == .generated)
        for (reference, payload) in [
            (UInt16(9), good.payload), (0, [0xFF, 1, 2]),
            (0, [0x17] + Array(repeating: 0xA7, count: 90)),
        ] {
            let unit = try #require(
                CodedKeypoints(
                    firstPicture: PictureNumber(1), pictureCount: 1,
                    sourceSet: .zero, reference: .source(SourceIdentifier(reference)),
                    payload: payload))
            #expect(throws: CodecError.self) { try decoder.insert(unit) }
            let shown = try #require(decoder.picture(PictureNumber(1), time: .zero))
            #expect(shown.origin == .missing)
        }
    }

    @Test func brokenSourcesAreRefusedAndChangeNothing() throws {
        let generator = StubGenerator()
        let decoder = decoder(generator)
        let picture = try #require(SyntheticPictures.spot(0))
        let source = try encoder().encodeSource(picture, as: SourceIdentifier(0))
        for count in [0, 1, 4, 8, 9, 100, source.payload.count - 1] {
            let cut = CodedSource(
                identifier: source.identifier, payload: Array(source.payload.prefix(count)))
            #expect(throws: CodecError.self) { try decoder.insert(cut) }
        }
        var random = SplitMix64(seed: 2)
        for _ in 0..<200 {
            var payload = source.payload
            payload[Int(random.next() % UInt64(payload.count))] ^= UInt8(1 + random.next() % 255)
            let flipped = CodedSource(identifier: source.identifier, payload: payload)
            #expect(throws: CodecError.corrupt(reason: "checksum differs")) {
                try decoder.insert(flipped)
            }
        }
        #expect(generator.sources.isEmpty)
        try decoder.insert(source)
        #expect(generator.sources == [SourceIdentifier(0)])
    }

    @Test func sourcesOfAnotherSizeAreRefused() throws {
        let decoder = VideoDecoder(
            generator: StubGenerator(), stillDecoder: still, size: .standard, keypointCount: 20)
        let picture = try #require(SyntheticPictures.spot(0))
        let source = try encoder().encodeSource(picture, as: SourceIdentifier(0))
        #expect(throws: CodecError.unsupportedSize(width: 64, height: 48)) {
            try decoder.insert(source)
        }
    }
}
