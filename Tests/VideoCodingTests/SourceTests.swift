import KeypointCoding
import Media
import TestSupport
import Testing
import VideoCoding

@Suite("Sources and their sets")
struct SourceTests {
    let still = StubStillCodec()
    let generator = StubGenerator()
    let encoder: VideoEncoder
    let decoder: VideoDecoder

    init() throws {
        let tables = try ShippedTables.read()
        var configuration = VideoEncoder.Configuration()
        configuration.picturesPerUnit = 1
        configuration.coarseSide = 16
        encoder = VideoEncoder(
            detector: StubDetector(), stillEncoder: still, stillDecoder: still,
            keypointEncoder: try KeypointEncoder(tables), configuration: configuration)
        decoder = VideoDecoder(
            generator: generator, stillDecoder: still, keypointDecoder: KeypointDecoder(tables),
            size: SyntheticPictures.size)
    }

    private func source(_ number: Int, isCoarse: Bool = false) throws -> CodedSource {
        try encoder.encodeSource(
            try #require(SyntheticPictures.spot(number)),
            as: SourceIdentifier(UInt16(number)), isCoarse: isCoarse)
    }

    private func set(_ number: UInt8, _ sources: [UInt16]) throws -> SourceSet {
        try #require(
            SourceSet(
                number: SourceSetNumber(number), sources: sources.map { SourceIdentifier($0) }))
    }

    private func show(_ number: Int) throws -> DecodedPicture? {
        let name = PictureNumber(UInt32(number))
        let picture = try #require(SyntheticPictures.spot(number))
        for unit in try encoder.encode(picture, number: name) { try decoder.insert(unit) }
        return decoder.picture(name, time: .zero)
    }

    @Test func picturesAreRebuiltFromTheSourcesOfTheirSetOnly() throws {
        for number in 0..<3 { try decoder.insert(try source(number)) }
        encoder.acknowledge(SourceIdentifier(0))
        // Without any set nothing is rebuilt.
        #expect(try show(0)?.origin == .missing)
        #expect(generator.sources.isEmpty)
        for set in [try set(0, [1]), try set(1, [0, 2])] {
            encoder.insert(set)
            decoder.insert(set)
        }
        #expect(try show(1)?.origin == .generated)
        #expect(generator.sources.map(\.rawValue) == [1])
        // Only what is acknowledged is used.
        encoder.acknowledge(SourceSetNumber(9))
        #expect(try show(2)?.origin == .generated)
        #expect(generator.sources.map(\.rawValue) == [1])
        encoder.acknowledge(SourceSetNumber(1))
        #expect(try show(3)?.origin == .generated)
        #expect(generator.sources.map(\.rawValue) == [0, 2])
        // A picture of the set before.
        #expect(decoder.picture(PictureNumber(1), time: .zero)?.origin == .generated)
        #expect(generator.sources.map(\.rawValue) == [1])
    }

    @Test func aSetThatIsNotWholeHoldsTheLastPicture() throws {
        try decoder.insert(try source(0))
        let whole = try set(0, [0])
        let wanting = try set(1, [0, 5])
        for set in [whole, wanting] { encoder.insert(set) }
        decoder.insert(whole)
        #expect(try show(0)?.origin == .generated)
        encoder.acknowledge(SourceSetNumber(1))
        // Neither while the set itself is unknown nor while one of its sources is.
        #expect(try show(1)?.origin == .missing)
        decoder.insert(wanting)
        #expect(try show(2)?.origin == .missing)
        try decoder.insert(try source(5))
        #expect(try show(3)?.origin == .generated)
        #expect(decoder.picture(PictureNumber(1), time: .zero)?.origin == .generated)
        decoder.remove(SourceIdentifier(5))
        #expect(try show(4)?.origin == .missing)
    }

    @Test func setNumbersComeAgain() throws {
        try decoder.insert(try source(0))
        for number in 0..<600 {
            let set = try set(UInt8(number % 256), [0])
            encoder.insert(set)
            decoder.insert(set)
            encoder.acknowledge(set.number)
            #expect(try show(number)?.origin == .generated)
        }
    }

    @Test func coarseSourcesAreSmallAndFillThePicture() throws {
        let whole = try source(0)
        let coarse = try source(1, isCoarse: true)
        #expect(coarse.payload.count < whole.payload.count / 4)
        let picture = try decoder.insert(coarse)
        #expect(picture.size == SyntheticPictures.size)
        // Bright where the spot is, as coarse as it may be.
        let original = try #require(SyntheticPictures.spot(1))
        let differences = zip(picture.y, original.y).map { abs(Int($0) - Int($1)) }
        #expect(differences.reduce(0, +) / differences.count < 10)
    }

    @Test func brokenSourcesAreRefusedAndChangeNothing() throws {
        let source = try source(0)
        decoder.insert(try set(0, [0]))
        for count in [0, 1, 2, 4, 100, source.payload.count - 1] {
            let cut = CodedSource(
                identifier: source.identifier, payload: Array(source.payload.prefix(count)))
            #expect(throws: CodecError.self) { try decoder.insert(cut) }
        }
        var random = SplitMix64(seed: 2)
        for _ in 0..<200 {
            var payload = source.payload
            payload[Int(random.next() % UInt64(payload.count))] ^= UInt8(1 + random.next() % 255)
            let flipped = CodedSource(identifier: source.identifier, payload: payload)
            // The session's hash keeps these away; if they came, they would give a picture or an error.
            if let picture = try? decoder.insert(flipped) {
                #expect(picture.size == SyntheticPictures.size)
                decoder.remove(source.identifier)
            }
        }
        let picture = try #require(SyntheticPictures.spot(0))
        let unit = try #require(try encoder.encode(picture, number: .zero).first)
        #expect(throws: CodecError.self) { try decoder.insert(unit) }
        try decoder.insert(source)
        #expect(try show(1)?.origin == .generated)
    }

    @Test func largerSourcesAndTooManyAreRefused() throws {
        let large = try #require(PictureSize(width: 512, height: 512))
        let plane = [UInt8](repeating: 90, count: 512 * 512)
        let half = [UInt8](repeating: 90, count: 256 * 256)
        let picture = try #require(
            VideoFrame(size: large, time: .zero, y: plane, u: half, v: half))
        let source = try encoder.encodeSource(picture, as: SourceIdentifier(0))
        #expect(throws: CodecError.unsupportedSize(width: 512, height: 512)) {
            try decoder.insert(source)
        }
        for number in 0..<16 { try decoder.insert(try self.source(number)) }
        let more = try self.source(16)
        #expect(throws: CodecError.sourceCount(17)) { try decoder.insert(more) }
        decoder.remove(SourceIdentifier(3))
        try decoder.insert(more)
    }
}
