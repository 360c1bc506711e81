import Media
import Quality
import Testing

@Suite("Motion of still backgrounds")
struct BackgroundMotionTests {
    /// A face of 20 pixels from the eyes to the mouth about a place.
    static func face(x: Double, y: Double) -> FaceLandmarks {
        FaceLandmarks(
            leftEye: .init(x: x - 8, y: y - 10), rightEye: .init(x: x + 8, y: y - 10),
            nose: .init(x: x, y: y), leftMouth: .init(x: x - 6, y: y + 10),
            rightMouth: .init(x: x + 6, y: y + 10))
    }

    /// Grey, with one value above a row and another below it.
    private func image(above: UInt8, below: UInt8, from row: Int = 128) throws -> RGBImage {
        var pixels = [UInt8]()
        for line in 0..<256 {
            pixels += [UInt8](repeating: line < row ? above : below, count: 256 * 3)
        }
        return try #require(RGBImage(width: 256, height: 256, pixels: pixels))
    }

    /// The upper half stands still, the lower one changes; the face is in the lower one.
    private func motion() throws -> BackgroundMotion? {
        let originals = try (0..<6).map { number in
            try image(above: 100, below: UInt8(40 + 30 * (number % 2)))
        }
        return BackgroundMotion(
            originals: originals,
            landmarks: [nil] + [FaceLandmarks?](repeating: Self.face(x: 128, y: 200), count: 5))
    }

    @Test func onlyWhatStandsStillCounts() throws {
        let motion = try #require(try motion())
        let steady = try (0..<6).map { _ in try image(above: 90, below: 10) }
        #expect(motion.levels(steady) == [nil, 0, 0, 0, 0, 0])
        // Three levels up and down.
        let swinging = try (0..<6).map { try image(above: UInt8(100 + 3 * ($0 % 2)), below: 10) }
        #expect(motion.levels(swinging) == [nil, 3, 3, 3, 3, 3])
        let below = try (0..<6).map { try image(above: 100, below: UInt8(20 * $0)) }
        #expect(motion.levels(below) == [nil, 0, 0, 0, 0, 0])
    }

    @Test func whatTheOriginalTremblesIsTakenOff() throws {
        let originals = try (0..<6).map { try image(above: UInt8(100 + 2 * ($0 % 2)), below: 0) }
        let motion = try #require(
            BackgroundMotion(
                originals: originals,
                landmarks: [FaceLandmarks?](repeating: Self.face(x: 128, y: 200), count: 6)))
        let steady = try (0..<6).map { _ in try image(above: 100, below: 0) }
        let levels = motion.levels(steady)
        #expect(levels[0] == nil && levels.dropFirst().allSatisfy { ($0 ?? 0) < -1 })
    }

    @Test func withoutAFaceOrABackgroundThereIsNone() throws {
        let still = try (0..<4).map { _ in try image(above: 10, below: 10) }
        let face = [FaceLandmarks?](repeating: Self.face(x: 128, y: 128), count: 4)
        #expect(BackgroundMotion(originals: still, landmarks: [nil, nil, nil, nil]) == nil)
        #expect(BackgroundMotion(originals: still, landmarks: face) != nil)
        #expect(BackgroundMotion(originals: [], landmarks: []) == nil)
        #expect(BackgroundMotion(originals: still, landmarks: Array(face.prefix(3))) == nil)
        let changing = try (0..<4).map { try image(above: UInt8(40 * $0), below: UInt8(60 * $0)) }
        #expect(BackgroundMotion(originals: changing, landmarks: face) == nil)
    }
}
