import KeypointCoding
import Media
import Testing

@Suite("Keypoints as whole numbers")
struct KeypointStateTests {
    @Test func roundingMovesByHalfAUnitAtMost() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<100 {
            let point = Keypoint(
                x: Float(random.unit() * 2 - 1), y: Float(random.unit() * 2 - 1),
                strength: Float(random.unit()))
            let back = KeypointState(Keypoints([point])).keypoints.points[0]
            #expect(abs(point.x - back.x) <= 0.501 / 8192)
            #expect(abs(point.y - back.y) <= 0.501 / 8192)
            #expect(abs(point.strength - back.strength) <= 0.501 / 4096)
        }
    }

    @Test func theCornersAreExact() {
        for x in [-1, 0, 1] as [Float] {
            let points = Keypoints([Keypoint(x: x, y: -x, strength: (x + 1) / 2)])
            #expect(KeypointState(points).keypoints == points)
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, 1e30, -5])
    func wildValuesBecomeOnesInside(value: Float) {
        let wild = Keypoints([Keypoint(x: value, y: value, strength: value)])
        let point = KeypointState(wild).keypoints.points[0]
        #expect((-1...1).contains(point.x) && (-1...1).contains(point.y))
        #expect((0...1).contains(point.strength))
    }

    @Test func stepsAreSixteen() {
        #expect(QuantizerStep.all.map(\.index) == Array(0...15))
        #expect(QuantizerStep(index: -1) == nil && QuantizerStep(index: 16) == nil)
        #expect(QuantizerStep.all == QuantizerStep.all.sorted())
    }
}
