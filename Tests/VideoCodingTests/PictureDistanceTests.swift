import Media
import Testing
import VideoCoding

@Suite struct PictureDistanceTests {
    private func frame(_ side: Int, _ luma: (Int, Int) -> Int) throws -> VideoFrame {
        let size = try #require(PictureSize(width: side, height: side))
        let y = (0..<side * side).map { UInt8(clamping: luma($0 % side, $0 / side)) }
        let chroma = [UInt8](repeating: 128, count: side * side / 4)
        return try #require(VideoFrame(size: size, time: .zero, y: y, u: chroma, v: chroma))
    }

    /// Blocks of pseudo-random grey, moved to the right.
    private func texture(_ shift: Int = 0, contrast: Int = 100) throws -> VideoFrame {
        try frame(128) { x, y in
            let place = ((x + 512 - shift) / 4 * 7919 + y / 4 * 104_729) % 1009
            return 128 + (place * contrast / 1009 - contrast / 2)
        }
    }

    @Test func equalPicturesAreNotApart() throws {
        let picture = try texture()
        #expect(PictureDistance(picture).distance(to: picture) == 0)
    }

    /// A blurred picture is farther than a displaced one, and one without any detail farthest: so LPIPS
    /// orders them, too.
    @Test func lostDetailCountsMost() throws {
        let picture = try texture()
        let distance = PictureDistance(picture)
        let displaced = distance.distance(to: try texture(1))
        let small = try #require(PictureSize(width: 32, height: 32))
        let blurred = try #require(picture.scaled(to: small)?.scaled(to: picture.size))
        let flat = try frame(128) { _, _ in 128 }
        #expect(displaced > 0)
        #expect(distance.distance(to: blurred) > displaced)
        #expect(distance.distance(to: flat) > distance.distance(to: blurred))
    }

    @Test func moreContrastIsMoreDetail() throws {
        let weak = PictureDistance(try texture(contrast: 20)).sharpness
        let strong = PictureDistance(try texture(contrast: 200)).sharpness
        #expect(strong > 5 * weak)
    }

    @Test func otherSizesAreInfinitelyFar() throws {
        let small = try frame(64) { x, _ in x }
        #expect(PictureDistance(try texture()).distance(to: small) == .infinity)
    }

    @Test(arguments: [2, 4, 6])
    func tinyPicturesHaveNoDetailAndDoNotTrap(side: Int) throws {
        let picture = try frame(side) { x, y in 40 * x + y }
        #expect(PictureDistance(picture).distance(to: picture) == 0)
    }
}
