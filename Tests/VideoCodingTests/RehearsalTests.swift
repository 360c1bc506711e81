import KeypointCoding
import Media
import TestSupport
import Testing
import VideoCoding

@Suite struct RehearsalTests {
    let generator = StubGenerator()
    let still = StubStillCodec()
    let coder: SourceCoder

    init() throws {
        coder = SourceCoder(
            detector: StubDetector(), stillEncoder: still, stillDecoder: still,
            keypointEncoder: try KeypointEncoder(ShippedTables.read()))
    }

    private func source(_ number: UInt16) throws -> EncodedSource {
        try coder.encode(
            try #require(SyntheticPictures.spot(Int(number))), as: SourceIdentifier(number),
            quantizer: 30)
    }

    @Test func theReceiversPictureComesFromTheSetThatIsNamed() throws {
        let rehearsal = Rehearsal(generator: generator)
        let sources = try (0..<3).map { try source($0) }
        for source in sources { rehearsal.insert(source) }
        let keypoints = sources[0].state.keypoints
        for names in [[0], [1, 2], [0, 1, 2], [2]] as [[UInt16]] {
            let set = names.map { SourceIdentifier($0) }
            #expect(try rehearsal.picture(keypoints, from: set, time: .zero) != nil)
            #expect(generator.sources == set)
        }
        rehearsal.remove(SourceIdentifier(2))
        let gone = try rehearsal.picture(keypoints, from: [SourceIdentifier(2)], time: .zero)
        #expect(gone == nil)
        #expect(try rehearsal.picture(keypoints, from: [], time: .zero) == nil)
    }

    /// A receiver that decodes what travelled has the very picture and keypoints.
    @Test func theCoderKnowsWhatTheReceiverHas() throws {
        let source = try source(4)
        let decoder = VideoDecoder(
            generator: generator, stillDecoder: still,
            keypointDecoder: KeypointDecoder(try ShippedTables.read()),
            size: SyntheticPictures.size)
        #expect(try decoder.insert(source.coded) == source.picture)
        let coarse = try coder.encode(
            try #require(SyntheticPictures.spot(4)), as: SourceIdentifier(5), quantizer: 50,
            side: 32)
        #expect(try decoder.insert(coarse.coded) == coarse.picture)
        #expect(coarse.coded.payload.count < source.coded.payload.count)
    }
}
