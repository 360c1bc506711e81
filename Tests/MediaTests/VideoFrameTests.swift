import Media
import Testing

@Suite struct VideoFrameTests {
    @Test func planesMustFitTheSize() throws {
        let size = try #require(PictureSize(width: 4, height: 2))
        let luma = [UInt8](repeating: 16, count: 8)
        let chroma = [UInt8](repeating: 128, count: 2)
        #expect(VideoFrame(size: size, time: .zero, y: luma, u: chroma, v: chroma) != nil)
        #expect(VideoFrame(size: size, time: .zero, y: chroma, u: chroma, v: chroma) == nil)
        #expect(VideoFrame(size: size, time: .zero, y: luma, u: luma, v: chroma) == nil)
    }

    @Test(arguments: [(1, 2), (2, 3), (0, 2), (-2, 2), (8194, 2)])
    func oddEmptyAndHugeSizesDoNotExist(width: Int, height: Int) {
        #expect(PictureSize(width: width, height: height) == nil)
    }

    /// Reference values of BT.601 limited range, by the matrix of ITU-R BT.601-7 in floating point.
    @Test(
        arguments: [
            ([255, 255, 255], [235, 128, 128]), ([0, 0, 0], [16, 128, 128]),
            ([255, 0, 0], [81, 90, 240]), ([0, 255, 0], [145, 54, 34]),
            ([0, 0, 255], [41, 240, 110]),
        ] as [([UInt8], [UInt8])])
    func coloursConvert(rgb: [UInt8], yuv: [UInt8]) throws {
        let size = try #require(PictureSize(width: 2, height: 2))
        let image = RGBImage(size: size, red: rgb[0], green: rgb[1], blue: rgb[2])
        let frame = try #require(VideoFrame(image, time: .zero))
        #expect([frame.y[0], frame.u[0], frame.v[0]] == yuv)
        let back = RGBImage(frame)
        for (a, b) in zip(back.pixels, image.pixels) { #expect(abs(Int(a) - Int(b)) <= 2) }
    }

    @Test func greysSurviveTheWayThereAndBack() throws {
        let pixels = (0..<16 * 16).flatMap { value in [UInt8](repeating: UInt8(value), count: 3) }
        let image = try #require(RGBImage(width: 16, height: 16, pixels: pixels))
        let back = RGBImage(try #require(VideoFrame(image, time: .zero)))
        for (a, b) in zip(back.pixels, image.pixels) { #expect(abs(Int(a) - Int(b)) <= 1) }
    }

    @Test func oddImagesHaveNoFrame() throws {
        let image = try #require(
            RGBImage(width: 3, height: 2, pixels: Array(repeating: 0, count: 18)))
        #expect(VideoFrame(image, time: .zero) == nil)
    }
}
