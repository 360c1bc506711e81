import Media

extension Keypoints {
    /// How far apart two poses are: the mean over keypoints of the root of their distance in pixels of
    /// 256.
    ///
    /// The root, since what a source does not show grows fast at first and then hardly: of the forms that
    /// were tried it follows the measured distance of rebuilt pictures best
    /// (`Examples/Measurements/source-policy`). Infinite for different numbers of keypoints.
    func spread(to other: Keypoints) -> Double {
        guard count == other.count, count > 0 else { return .infinity }
        var sum = 0.0
        for (a, b) in zip(points, other.points) {
            let x = Double(a.x - b.x) * 128
            let y = Double(a.y - b.y) * 128
            sum += (x * x + y * y).squareRoot().squareRoot()
        }
        return sum / Double(count)
    }
}
