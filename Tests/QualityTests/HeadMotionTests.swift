import Quality
import Testing

/// The cases of `Training/test_evaluate.py`: what Python and Swift must both say.
@Suite("Head motion")
struct HeadMotionTests {
    /// A face that looks into the camera, in a picture of 256 pixels, that goes `shift` of its heights to the
    /// right while its nose goes by `turn` of them.
    private func clip(shift: Double = 0, turn: Double = 0, count: Int = 20) -> [FaceLandmarks?] {
        let height = 48 / 0.38
        return (0..<count).map { number in
            let way = Double(number) / Double(count - 1)
            func point(_ x: Double, _ y: Double, _ more: Double = 0) -> FaceLandmarks.Point {
                FaceLandmarks.Point(x: x + (shift + more) * height * way, y: y)
            }
            return FaceLandmarks(
                leftEye: point(108, 100), rightEye: point(148, 100), nose: point(128, 122, turn),
                leftMouth: point(112, 148), rightMouth: point(144, 148))
        }
    }

    @Test func theSameAsInTraining() {
        #expect(HeadMotion(clip()) == .still)
        #expect(HeadMotion(clip(shift: 0.04, turn: 0.01)) == .still)
        #expect(HeadMotion(clip(shift: 0.15)) == .moving)
        #expect(HeadMotion(clip(turn: 0.05)) == .moving)
        #expect(HeadMotion(clip(shift: 0.5)) == .largeTurn)
        #expect(HeadMotion(clip(turn: 0.15)) == .largeTurn)
        #expect(HeadMotion(clip(turn: -0.15)) == .largeTurn)
    }

    @Test func picturesWithoutAFaceDoNotCount() {
        var lost = clip(shift: 0.04)
        for index in stride(from: 0, to: lost.count, by: 2) { lost[index] = nil }
        #expect(HeadMotion(lost) == .still)
        #expect(HeadMotion([nil, nil]) == .noFace && HeadMotion([]) == .noFace)
    }
}
