package import Media

extension Keypoints {
    /// How far apart two poses are: the mean over keypoints of the root of their distance in pixels of
    /// 256; `shape` times the same of their places about the mean of all; and `opening` times how much further
    /// mouth and eyes are open, on the mean: brought back to the scale of the first alone.
    ///
    /// The root, since what a source does not show grows fast at first and then hardly: of the forms that
    /// were tried it follows the measured distance of rebuilt pictures best. The places about the mean, since a head
    /// that has only moved is rebuilt well, and one that has turned, or has opened its mouth, is not
    /// (`Examples/Measurements/source-policy`, which also says what else was tried). Infinite for different
    /// numbers of keypoints. Without weights, those of the source policy's defaults, by which a receiver chooses
    /// sources, too (`NearestSources`).
    package func spread(
        to other: Keypoints, shape: Double = 2, opening: Double = 1
    ) -> Double {
        guard count == other.count, count > 0 else { return .infinity }
        let middle = middle
        let others = other.middle
        let (across, down) = (others.x - middle.x, others.y - middle.y)
        var (whole, own, opened) = (0.0, 0.0, 0.0)
        for (index, (a, b)) in zip(points, other.points).enumerated() {
            let (x, y) = (Double(b.x - a.x) * 128, Double(b.y - a.y) * 128)
            whole += Self.root(x, y)
            own += Self.root(x - across, y - down)
            if Self.openings.contains(index) { opened += abs(Double(b.strength - a.strength)) }
        }
        let places = (whole + shape * own) / Double(count)
        return (places + opening * opened / Double(Self.openings.count))
            / (1 + Self.usualShare * shape)
    }

    /// The keypoints whose strengths tell how far left eye, mouth and right eye are open, 0…1
    /// (`Training/losses.py`, `OPENING_KEYPOINTS`).
    private static let openings = 5...7
    /// What the places about the mean are apart of what all are, over pairs of pictures of held-out clips.
    private static let usualShare = 0.6

    /// The mean place, in pixels of 256.
    private var middle: (x: Double, y: Double) {
        var (x, y) = (0.0, 0.0)
        for point in points {
            x += Double(point.x)
            y += Double(point.y)
        }
        return (x * 128 / Double(count), y * 128 / Double(count))
    }

    private static func root(_ x: Double, _ y: Double) -> Double {
        (x * x + y * y).squareRoot().squareRoot()
    }
}
