import KeypointCoding
import Media
import TestSupport
import Testing
import VideoCoding

/// A stream codec that stores planes as they are.
private final class PlainStreamDecoder: PictureStreamDecoder {
    func decode(
        _ picture: StreamPicture, largest: PictureSize
    ) throws(CodecError) -> VideoFrame {
        try StubStillCodec().decode(picture.payload, largest: largest)
    }
}

@Suite struct StreamedPictureTests {
    private let size = PictureSize(width: 16, height: 16) ?? .standard

    private func frame(_ luma: UInt8) throws -> VideoFrame {
        try #require(
            VideoFrame(
                size: size, time: .zero, y: [UInt8](repeating: luma, count: 256),
                u: [UInt8](repeating: 128, count: 64), v: [UInt8](repeating: 128, count: 64)))
    }

    private func decoder() throws -> VideoDecoder {
        VideoDecoder(
            generator: StubGenerator(), stillDecoder: StubStillCodec(),
            keypointDecoder: KeypointDecoder(try ShippedTables.read()),
            streamDecoder: PlainStreamDecoder(), size: size)
    }

    private func coded(_ luma: UInt8, _ number: UInt32) throws -> StreamPicture {
        try #require(
            StreamPicture(
                number: PictureNumber(number), kind: .key,
                payload: try StubStillCodec().encode(frame(luma), quantizer: 0)))
    }

    /// An encoder and a decoder whose first source and set both hold.
    private func pair() throws -> (VideoEncoder, VideoDecoder) {
        let decoder = try decoder()
        let encoder = VideoEncoder(
            detector: StubDetector(), stillEncoder: StubStillCodec(),
            stillDecoder: StubStillCodec(),
            keypointEncoder: try KeypointEncoder(ShippedTables.read()))
        encoder.configuration.picturesPerUnit = 1
        let source = try encoder.encodeSource(frame(50), as: SourceIdentifier(0))
        let set = try #require(SourceSet(number: .zero, sources: [SourceIdentifier(0)]))
        encoder.insert(set)
        encoder.acknowledge(SourceIdentifier(0))
        encoder.acknowledge(.zero)
        try decoder.insert(source)
        decoder.insert(set)
        return (encoder, decoder)
    }

    private func hold(_ first: UInt32, _ count: Int, isMarked: Bool = false) throws -> HeldPictures
    {
        try #require(
            HeldPictures(
                firstPicture: PictureNumber(first), pictureCount: count, isMarked: isMarked))
    }

    private func warp(
        _ number: UInt32, _ encoder: VideoEncoder, _ decoder: VideoDecoder
    ) throws -> DecodedPicture {
        for unit in try encoder.encode(frame(50), number: PictureNumber(number)) {
            try decoder.insert(unit)
        }
        return try show(number, decoder)
    }

    private func show(_ number: UInt32, _ decoder: VideoDecoder) throws -> DecodedPicture {
        try #require(decoder.picture(PictureNumber(number), time: .zero))
    }

    @Test func theNewestPictureOfTheStreamStands() throws {
        let (encoder, decoder) = try pair()
        #expect(try warp(0, encoder, decoder).origin == .generated)
        decoder.insert(try hold(1, 4))
        // Nothing else has come: the picture before stands, and is not moved on.
        #expect(try show(1, decoder).origin == .standing)
        try decoder.insert(coded(200, 2))
        try decoder.insert(coded(220, 4))
        let second = try show(2, decoder)
        #expect(second.origin == .streamed && second.frame.y[40] == 200)
        // Each from its own time on.
        #expect(try show(3, decoder).frame.y[40] == 200)
        #expect(try show(4, decoder).frame.y[40] == 220)
        // What is lost meanwhile leaves it standing.
        #expect(try show(5, decoder).frame.y[40] == 220)
    }

    @Test func warpingBeginsFromWhatTheStreamShowed() throws {
        let (encoder, decoder) = try pair()
        _ = try warp(0, encoder, decoder)
        decoder.insert(try hold(1, 1))
        try decoder.insert(coded(250, 1))
        _ = try show(1, decoder)
        let levels = try (2..<7).map { try warp($0, encoder, decoder).frame.y[40] }
        // From 250 to the 50 of the source in equal steps.
        #expect(levels == [200, 150, 100, 50, 50])
    }

    @Test func whatStoodOfAnotherSceneIsNotFadedFrom() throws {
        let (encoder, decoder) = try pair()
        _ = try warp(0, encoder, decoder)
        decoder.insert(try hold(1, 1))
        _ = try show(1, decoder)
        #expect(try warp(2, encoder, decoder).frame.y[40] == 50)
    }

    @Test func anOlderPictureOfTheStreamIsNotShown() throws {
        let (encoder, decoder) = try pair()
        _ = try warp(0, encoder, decoder)
        _ = try warp(5, encoder, decoder)
        try decoder.insert(coded(200, 3))
        decoder.insert(try hold(6, 1))
        let shown = try show(6, decoder)
        #expect(shown.origin == .standing && shown.frame.y[40] == 50)
    }

    @Test func theMarkTravels() throws {
        let (encoder, decoder) = try pair()
        _ = try warp(0, encoder, decoder)
        decoder.insert(try hold(1, 2, isMarked: true))
        #expect(try show(1, decoder).isMarked)
        #expect(try show(2, decoder).isMarked)
        #expect(!(try warp(3, encoder, decoder).isMarked))
    }

    @Test func aStreamWithoutADecoderIsRefused() throws {
        let decoder = VideoDecoder(
            generator: StubGenerator(), stillDecoder: StubStillCodec(),
            keypointDecoder: KeypointDecoder(try ShippedTables.read()), size: size)
        #expect(throws: CodecError.self) { try decoder.insert(coded(1, 0)) }
    }
}
