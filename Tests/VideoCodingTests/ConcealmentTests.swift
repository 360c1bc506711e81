import KeypointCoding
import Media
import TestSupport
import Testing
import VideoCoding

/// What is shown where keypoints are missing.
@Suite struct ConcealmentTests {
    /// Both ends of a codec without a network, for a spot that moves.
    private struct Ends {
        let encoder: VideoEncoder
        let decoder: VideoDecoder
        let generator = StubGenerator()
        var units: [CodedKeypoints] = []

        init(saysAgain: Bool = false, pictures: Int = 12) throws {
            let tables = try ShippedTables.read()
            let still = StubStillCodec()
            var configuration = VideoEncoder.Configuration()
            configuration.step = QuantizerStep.all[0]
            configuration.saysAgain = saysAgain
            encoder = VideoEncoder(
                detector: StubDetector(), stillEncoder: still, stillDecoder: still,
                keypointEncoder: try KeypointEncoder(tables), configuration: configuration)
            decoder = VideoDecoder(
                generator: generator, stillDecoder: still,
                keypointDecoder: KeypointDecoder(tables), size: SyntheticPictures.size)
            let first = try #require(SyntheticPictures.spot(0))
            try decoder.insert(try encoder.encodeSource(first, as: SourceIdentifier(0)))
            let set = try #require(SourceSet(number: .zero, sources: [SourceIdentifier(0)]))
            encoder.insert(set)
            decoder.insert(set)
            encoder.acknowledge(SourceIdentifier(0))
            encoder.acknowledge(set.number)
            for number in 0..<pictures {
                let picture = try #require(SyntheticPictures.spot(number))
                units += try encoder.encode(picture, number: PictureNumber(UInt32(number)))
            }
        }

        /// Where the mean keypoint was when a picture was shown, and how it came about.
        func show(_ number: Int) -> (x: Float, origin: DecodedPicture.Origin)? {
            let picture = decoder.picture(PictureNumber(UInt32(number)), time: .zero)
            guard let picture else { return nil }
            let points = generator.requests.last?.points ?? []
            return (points.reduce(0) { $0 + $1.x } / Float(max(1, points.count)), picture.origin)
        }
    }

    @Test func whatLiesBetweenIsDividedEvenly() throws {
        let ends = try Ends()
        try ends.decoder.insert(ends.units[0])
        try ends.decoder.insert(ends.units[2])
        let places = try (0..<9).map { try #require(ends.show($0)) }
        #expect(places[2].origin == .generated && places[6].origin == .generated)
        let step = (places[6].x - places[2].x) / 4
        for number in 3...5 {
            #expect(places[number].origin == .madeUp)
            let expected = places[2].x + step * Float(number - 2)
            #expect(abs(places[number].x - expected) < 0.002)
        }
    }

    @Test func movementGoesOnForThreePicturesAndComesToRest() throws {
        let ends = try Ends()
        try ends.decoder.insert(ends.units[0])
        let places = try (0..<10).map { try #require(ends.show($0)) }
        #expect(places[..<3].allSatisfy { $0.origin == .generated })
        #expect(places[3...5].allSatisfy { $0.origin == .madeUp })
        #expect(places[6...].allSatisfy { $0.origin == .missing })
        let speed = places[2].x - places[1].x
        #expect(abs(places[3].x - places[2].x) <= abs(speed))
        #expect(abs(places[5].x - places[4].x) <= abs(places[4].x - places[3].x))
    }

    @Test func aReceiverMayHoldInstead() throws {
        let ends = try Ends()
        ends.decoder.makesUp = false
        try ends.decoder.insert(ends.units[0])
        for number in 0..<3 { _ = ends.show(number) }
        #expect(ends.show(3)?.origin == .missing)
    }

    /// A lost unit's pictures come with the next one, coarser, and nothing is predicted from them.
    @Test func picturesThatAreSaidAgainAreShown() throws {
        let lossless = try Ends()
        for unit in lossless.units { try lossless.decoder.insert(unit) }
        let ends = try Ends(saysAgain: true)
        try ends.decoder.insert(ends.units[0])
        try ends.decoder.insert(ends.units[2])
        let again = try #require(ends.units[2].again)
        #expect(again.firstPicture == PictureNumber(3) && again.pictureCount == 3)
        #expect(ends.units[0].again == nil)
        try ends.decoder.insert(again)
        for number in 0..<9 {
            let (place, origin) = try #require(ends.show(number))
            let expected = try #require(lossless.show(number))
            #expect(origin == .generated)
            #expect(abs(place - expected.x) < 0.1, "\(number)")
        }
        // A unit that refers to one of them is refused.
        let reference = try #require(
            CodedKeypoints(
                firstPicture: PictureNumber(9), pictureCount: 1, sourceSet: .zero,
                reference: .picture(PictureNumber(4)), payload: [1, 2, 3]))
        #expect(throws: CodecError.self) { try ends.decoder.insert(reference) }
    }

    /// What is said again costs about half of what it repeats, or less.
    @Test func sayingAgainIsCheap() throws {
        let ends = try Ends(saysAgain: true, pictures: 60)
        let first = ends.units.dropFirst().reduce(0) { $0 + $1.payload.count }
        let again = ends.units.dropFirst().reduce(0) { $0 + ($1.again?.payload.count ?? 0) }
        #expect(again > 0 && again < first)
    }

    @Test func keypointsSaidAgainOfNothingAreRefused() throws {
        let ends = try Ends(saysAgain: true)
        let again = try #require(ends.units[2].again)
        #expect(throws: CodecError.self) { try ends.decoder.insert(again) }
    }
}
