import Media
import Testing

import NeuralVideo

@Suite("Pictures as tensors")
struct PictureConversionTests {
    /// Every luma with many chromas.
    static func frame() throws -> VideoFrame {
        let size = try #require(PictureSize(width: 64, height: 32))
        let y = (0..<2048).map { UInt8($0 % 256) }
        let u = (0..<512).map { UInt8($0 * 7 % 256) }
        let v = (0..<512).map { UInt8($0 * 13 % 256) }
        return try #require(VideoFrame(size: size, time: .zero, y: y, u: u, v: v))
    }

    private func frame(_ tensor: [Float], width: Int, height: Int) -> VideoFrame? {
        guard let size = PictureSize(width: width, height: height) else { return nil }
        return VideoFrame(tensor: tensor.span, size: size, time: .zero)
    }

    @Test func theNetworkSeesTheBytesOfRGB() throws {
        let frame = try Self.frame()
        var floats = [Float](repeating: -1, count: 64 * 32 * 3)
        var span = floats.mutableSpan
        frame.write(to: &span)
        let expected = RGBImage(frame).pixels.map { Float($0) * (1 / 255) }
        #expect(floats == expected)
    }

    @Test func aTensorBecomesTheSamePictureAsItsBytes() throws {
        let pixels = formulaPixels(phase: 0.3, side: 32)
        let picture = try #require(frame(pixels, width: 32, height: 32))
        let image = try #require(
            RGBImage(width: 32, height: 32, pixels: pixels.map { UInt8($0 * 255 + 0.5) }))
        let expected = try #require(VideoFrame(image, time: .zero))
        for (found, wanted) in [
            (picture.y, expected.y), (picture.u, expected.u), (picture.v, expected.v),
        ] {
            #expect(zip(found, wanted).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        }
    }

    @Test func anyFloatsMakeAPicture() throws {
        let odd: [Float] = [
            .nan, -.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -0.0,
            .leastNonzeroMagnitude, 2, -3,
            .signalingNaN, 1, 0,
        ]
        let pixels = (0..<48).map { odd[$0 % odd.count] }
        let picture = try #require(frame(pixels, width: 4, height: 4))
        #expect(picture.y.allSatisfy { (16...235).contains($0) })
        #expect((picture.u + picture.v).allSatisfy { (16...240).contains($0) })
    }

    @Test func blackAndWhiteAreTheLimits() throws {
        for (value, luma) in [(Float(0), UInt8(16)), (1, 235)] {
            let pixels = [Float](repeating: value, count: 12)
            let picture = try #require(frame(pixels, width: 2, height: 2))
            #expect(picture.y == [luma, luma, luma, luma])
            #expect(picture.u == [128])
            #expect(picture.v == [128])
        }
    }

    @Test func aTensorOfAnotherSizeIsRefused() throws {
        let pixels = [Float](repeating: 0, count: 15)
        #expect(frame(pixels, width: 2, height: 2) == nil)
    }
}
