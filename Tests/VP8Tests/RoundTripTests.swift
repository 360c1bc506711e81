import Media
import TestSupport
import Testing
import VP8
import VideoCoding

@Suite struct RoundTripTests {
    let encoder = VP8StillEncoder()
    let decoder = VP8StillDecoder()

    @Test(arguments: [(2, 2), (2, 64), (16, 16), (18, 34), (130, 98), (256, 256), (640, 360)])
    func everySizeComesBack(width: Int, height: Int) throws {
        let size = try #require(PictureSize(width: width, height: height))
        let picture = try #require(texturedPicture(size))
        let bytes = try encoder.encode(picture, quantizer: 4)
        let decoded = try decoder.decode(bytes, largest: size)
        #expect(decoded.size == size)
        #expect(decoded.time == .zero)
        #expect(meanSquaredError(picture, decoded) < 6)
    }

    @Test func chromaComesBack() throws {
        let grey = [UInt8](repeating: 128, count: 32 * 32)
        let size = try #require(PictureSize(width: 32, height: 32))
        let u = [UInt8](repeating: 90, count: 256)
        let v = [UInt8](repeating: 200, count: 256)
        let picture = try #require(VideoFrame(size: size, time: .zero, y: grey, u: u, v: v))
        let decoded = try decoder.decode(encoder.encode(picture, quantizer: 4), largest: size)
        #expect(decoded.u.allSatisfy { abs(Int($0) - 90) <= 2 })
        #expect(decoded.v.allSatisfy { abs(Int($0) - 200) <= 2 })
    }

    @Test func coarserQuantizersGiveFewerBytesAndMoreError() throws {
        let picture = try #require(texturedPicture(.standard))
        var last = (bytes: Int.max, error: -1.0)
        for quantizer in [0, 10, 20, 30, 40, 50, 63] {
            let bytes = try encoder.encode(picture, quantizer: quantizer)
            let error = try meanSquaredError(picture, decoder.decode(bytes, largest: .standard))
            #expect(bytes.count < last.bytes, "quantizer \(quantizer)")
            #expect(error > last.error, "quantizer \(quantizer)")
            last = (bytes.count, error)
        }
    }

    @Test func theSamePictureGivesTheSameBytes() throws {
        let picture = try #require(texturedPicture(.standard))
        let first = try encoder.encode(picture, quantizer: 30)
        _ = try encoder.encode(picture, quantizer: 50)
        #expect(try encoder.encode(picture, quantizer: 30) == first)
    }

    @Test(arguments: [-1, 64, .min, .max])
    func quantizersOutsideOfTheRangeAreRefused(quantizer: Int) throws {
        let picture = try #require(texturedPicture(.standard))
        #expect(throws: CodecError.self) { try encoder.encode(picture, quantizer: quantizer) }
    }
}
