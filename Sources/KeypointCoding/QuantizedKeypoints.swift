public import Media

/// Keypoints as whole numbers: what the coder codes, bit-exactly the same at both ends.
public struct QuantizedKeypoints: Hashable, Sendable {
    /// The step of the locations.
    public let step: QuantizerStep
    /// Horizontal coordinates, 0…2^(exponent + 1).
    var x: [Int16]
    /// Vertical coordinates, likewise.
    var y: [Int16]
    /// Strengths, 0…``QuantizerStep/largestStrength``.
    var strength: [Int16]

    /// How many keypoints there are.
    public var count: Int { x.count }

    /// Rounds keypoints to the step; values outside of their ranges move to the edge, NaN to the lower one.
    public init(_ keypoints: Keypoints, step: QuantizerStep) {
        let largest = Float(QuantizerStep.largestStrength)
        self.step = step
        x = keypoints.points.map { step.quantize($0.x) }
        y = keypoints.points.map { step.quantize($0.y) }
        strength = keypoints.points.map { point in
            let scaled = point.strength * largest
            return scaled > 0 ? Int16(min(scaled.rounded(), largest)) : 0
        }
    }

    init(step: QuantizerStep, x: [Int16], y: [Int16], strength: [Int16]) {
        self.step = step
        self.x = x
        self.y = y
        self.strength = strength
    }

    /// The keypoints that these numbers stand for.
    public var keypoints: Keypoints {
        Keypoints(
            x.indices.map { index in
                Keypoint(
                    x: step.location(x[index]), y: step.location(y[index]),
                    strength: Float(strength[index]) / Float(QuantizerStep.largestStrength))
            })
    }
}
