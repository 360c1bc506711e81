import Media
import Testing
import VideoCoding

@Suite struct ScalingTests {
    private func frame(_ width: Int, _ height: Int, _ luma: (Int, Int) -> UInt8) throws
        -> VideoFrame
    {
        let size = try #require(PictureSize(width: width, height: height))
        let y = (0..<(width * height)).map { luma($0 % width, $0 / width) }
        let chroma = [UInt8](repeating: 77, count: width * height / 4)
        return try #require(VideoFrame(size: size, time: .zero, y: y, u: chroma, v: chroma))
    }

    @Test(arguments: [(16, 16), (64, 32), (30, 30), (256, 256), (2, 2)])
    func evenPicturesStayAsTheyAre(width: Int, height: Int) throws {
        let size = try #require(PictureSize(width: width, height: height))
        for level in [0, 1, 128, 255] as [UInt8] {
            let scaled = try #require(try frame(64, 48) { _, _ in level }.scaled(to: size))
            #expect(scaled.size == size)
            #expect(scaled.y.allSatisfy { $0 == level })
            #expect(scaled.u.allSatisfy { $0 == 77 } && scaled.v.allSatisfy { $0 == 77 })
        }
    }

    @Test func slopesKeepTheirPlaceThereAndBack() throws {
        let original = try frame(64, 64) { x, y in UInt8(2 * x + y) }
        let small = try #require(PictureSize(width: 16, height: 16))
        let shrunk = try #require(original.scaled(to: small))
        // The middle of sample 8 of 16 lies at 33.5 of 64.
        #expect(abs(Int(shrunk.y[8 * 16 + 8]) - Int(3 * 33.5)) <= 1)
        let back = try #require(shrunk.scaled(to: original.size))
        for y in 8..<56 {
            for x in 8..<56 {
                #expect(abs(Int(back.y[y * 64 + x]) - (2 * x + y)) <= 2)
            }
        }
    }
}
