import KeypointCoding
import Media
import TestSupport
import Testing
import VideoCoding

@Suite("Sources that are predicted from others")
struct PredictedSourceTests {
    let coder: SourceCoder
    let decoder: VideoDecoder

    init() throws {
        let tables = try ShippedTables.read()
        let still = StubStillCodec()
        coder = SourceCoder(
            detector: StubDetector(), stillEncoder: still, stillDecoder: still,
            keypointEncoder: try KeypointEncoder(tables))
        decoder = VideoDecoder(
            generator: StubGenerator(), stillDecoder: still,
            keypointDecoder: KeypointDecoder(tables), size: SyntheticPictures.size)
    }

    private func encoded(
        _ number: Int, side: Int? = nil, from bases: [EncodedSource] = []
    ) throws -> EncodedSource {
        try coder.encode(
            try #require(SyntheticPictures.spot(number)), as: SourceIdentifier(UInt16(number)),
            quantizer: 30, side: side, from: bases)
    }

    @Test func aChainOfThemComesBackToTheBit() throws {
        var newest = try encoded(0)
        #expect(newest.base == nil)
        #expect(try decoder.insert(newest.coded) == newest.picture)
        for number in 1...5 {
            let next = try encoded(number, from: [newest])
            #expect(next.base == newest.coded.identifier)
            #expect(next.coded.payload.count < newest.coded.payload.count || number > 1)
            #expect(try decoder.insert(next.coded) == next.picture)
            // What it was predicted from is needed no more.
            decoder.remove(newest.coded.identifier)
            newest = next
        }
    }

    @Test func theBaseOfFewestBytesIsTaken() throws {
        let far = try encoded(0)
        let near = try coder.encode(
            try #require(SyntheticPictures.spot(11)), as: SourceIdentifier(7), quantizer: 30)
        for bases in [[near, far], [far, near]] {
            #expect(try encoded(11, from: bases).base == near.coded.identifier)
        }
    }

    @Test func nothingIsPredictedWhereThatCostsMore() throws {
        let inverted = try #require(SyntheticPictures.spot(3)).inverted()
        let base = try coder.encode(inverted, as: SourceIdentifier(9), quantizer: 30)
        #expect(try encoded(3, from: [base]).base == nil)
    }

    @Test func withoutItsBaseItIsRefused() throws {
        let base = try encoded(0)
        let source = try encoded(1, from: [base])
        #expect(
            throws: CodecError.corrupt(
                reason: "a source predicted from one that is not held whole")
        ) { try decoder.insert(source.coded) }
        try decoder.insert(base.coded)
        #expect(try decoder.insert(source.coded) == source.picture)
    }

    /// How a picture is scaled up is not defined to the bit.
    @Test func nothingIsPredictedFromASmallOne() throws {
        let small = try encoded(0, side: 16)
        #expect(!small.isWhole)
        #expect(try encoded(1, from: [small]).base == nil)
        #expect(try encoded(1, side: 16, from: [try encoded(0)]).base == nil)
        try decoder.insert(small.coded)
        let whole = EncodedSource(
            coded: small.coded, picture: small.picture, state: small.state)
        let source = try encoded(1, from: [whole])
        #expect(source.base == small.coded.identifier)
        #expect(throws: CodecError.self) { try decoder.insert(source.coded) }
    }
}

extension VideoFrame {
    /// Each sample another one.
    fileprivate func inverted() throws -> VideoFrame {
        try #require(
            VideoFrame(
                size: size, time: .zero, y: y.map { ~$0 }, u: u.map { ~$0 }, v: v.map { ~$0 }))
    }
}
