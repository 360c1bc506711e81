extension QuantizedKeypoints {
    /// Keypoints in the middle of the picture with full strength: what a source's own are predicted from.
    public static func neutral(count: Int, step: QuantizerStep) -> QuantizedKeypoints {
        let middle = [Int16](repeating: step.quantize(0), count: count)
        return QuantizedKeypoints(
            step: step, x: middle, y: middle,
            strength: Array(repeating: Int16(QuantizerStep.largestStrength), count: count))
    }

    /// The sum of squared coordinate differences to keypoints of the same step and count.
    public func squaredDistance(to other: QuantizedKeypoints) -> Int {
        var sum = 0
        for (a, b) in zip(x + y, other.x + other.y) {
            let difference = Int(a) - Int(b)
            sum += difference * difference
        }
        return sum
    }
}
