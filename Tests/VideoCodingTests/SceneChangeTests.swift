import Media
import Testing
import VideoCoding

@Suite struct SceneChangeTests {
    /// A picture of a gradient and a disc.
    private func picture(
        disc: Int, brightness: Int = 0, isOther: Bool = false
    ) throws -> VideoFrame {
        var luma = [UInt8]()
        for row in 0..<256 {
            for column in 0..<256 {
                let (x, y) = (column - disc, row - 128)
                let isInside = x * x + y * y < 2500
                let ground = isOther ? 200 - row / 2 : 40 + column / 2
                luma.append(
                    UInt8(clamping: (isInside ? (isOther ? 60 : 220) : ground) + brightness))
            }
        }
        let chroma = [UInt8](repeating: 128, count: 128 * 128)
        return try #require(
            VideoFrame(size: .standard, time: .zero, y: luma, u: chroma, v: chroma))
    }

    @Test func movementIsNoCut() throws {
        var scenes = SceneChange()
        for step in 0..<20 {
            let isCut = scenes.take(try picture(disc: 60 + 6 * step))
            #expect(!isCut)
        }
    }

    @Test func anotherSceneIsOneOnce() throws {
        var scenes = SceneChange()
        let cuts = try (0..<10).map { step in
            scenes.take(try picture(disc: 100 + step, isOther: step >= 5))
        }
        #expect(cuts == (0..<10).map { $0 == 5 })
    }

    @Test func lightIsNoCut() throws {
        var scenes = SceneChange()
        _ = scenes.take(try picture(disc: 100))
        let isCut = scenes.take(try picture(disc: 100, brightness: 30))
        #expect(!isCut)
    }

    /// Small steps add up from the picture that was marked.
    @Test func driftIsCountedFromTheMark() throws {
        var scenes = SceneChange()
        #expect(scenes.drift == nil)
        _ = scenes.take(try picture(disc: 60))
        #expect(scenes.drift == nil)
        scenes.mark()
        #expect(scenes.drift == 0)
        var drifts: [Double] = []
        for step in 1...8 {
            _ = scenes.take(try picture(disc: 60 + 6 * step, brightness: step))
            drifts.append(try #require(scenes.drift))
        }
        #expect(drifts == drifts.sorted())
        let last = try #require(drifts.last)
        #expect(last > 5)
        scenes.mark()
        #expect(scenes.drift == 0)
    }

    @Test func anotherSizeBeginsAnew() throws {
        var scenes = SceneChange()
        _ = scenes.take(try picture(disc: 100))
        let size = try #require(PictureSize(width: 16, height: 16))
        let small = try #require(
            VideoFrame(
                size: size, time: .zero, y: [UInt8](repeating: 9, count: 256),
                u: [UInt8](repeating: 9, count: 64), v: [UInt8](repeating: 9, count: 64)))
        let cuts = [scenes.take(small), scenes.take(try picture(disc: 100, isOther: true))]
        #expect(cuts == [false, false])
    }
}
