import Media
import Presentation
import Testing

@Suite struct StillMarkTests {
    private func grey(_ side: Int) throws -> VideoFrame {
        let size = try #require(PictureSize(width: side, height: side))
        return try #require(
            VideoFrame(
                size: size, time: .zero,
                y: [UInt8](repeating: 100, count: side * side),
                u: [UInt8](repeating: 128, count: side * side / 4),
                v: [UInt8](repeating: 128, count: side * side / 4)))
    }

    @Test func theMarkIsSeenAndLeavesThePicture() throws {
        let frame = try grey(256)
        let marked = StillMark(frame.size).drawn(on: frame)
        let changed = zip(frame.y, marked.y).count { $0 != $1 }
        // A frame and a badge, and nine tenths of the picture as they were.
        #expect(changed > 3000 && changed < 256 * 256 / 10)
        #expect(marked.y[0] != 100 && marked.y[256 * 256 - 1] != 100)
        #expect(marked.y[128 * 256 + 128] == 100)
    }

    @Test(arguments: [2, 16, 32, 96, 254, 512])
    func everySizeIsServed(side: Int) throws {
        let frame = try grey(side)
        #expect(StillMark(frame.size).drawn(on: frame) != frame)
    }

    @Test func anotherSizeIsLeftAlone() throws {
        let frame = try grey(64)
        #expect(StillMark(.standard).drawn(on: frame) == frame)
    }
}
