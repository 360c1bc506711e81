/// What a rebuilt picture's distance is expected to be: a base, a share of the source's own loss, and one of
/// how far its pose is (``Media/Keypoints/spread(to:shape:opening:)``).
///
/// Learned during the call from what was measured, by least squares with the prior of the held-out clips.
struct WarpModel: Hashable, Sendable {
    /// What even a source of the very pose costs, beside what coding took from it.
    private(set) var base = Self.priorBase
    /// The distance for each unit of spread.
    private(set) var slope = Self.priorSlope

    private static let priorBase = 0.0
    private static let priorSlope = 0.03
    /// What of a source's loss is seen in what is warped from it.
    static let lossShare = 0.75
    /// The prior counts like so many looks.
    private static let priorWeight = 4.0
    /// The variance of spreads that the prior stands for.
    private static let priorVariance = 1.0

    /// The expected distance.
    func distance(loss: Double, spread: Double) -> Double {
        base + Self.lossShare * loss + slope * spread
    }

    /// Learns from looks: how far the nearest source's pose was, and what was measured beyond its loss.
    mutating func fit(_ points: [(spread: Double, excess: Double, weight: Double)]) {
        let prior = Self.priorWeight
        let centre = 2.5
        var weight = prior
        var (x, y) = (prior * centre, prior * (Self.priorBase + Self.priorSlope * centre))
        for point in points where point.spread.isFinite {
            weight += point.weight
            x += point.weight * point.spread
            y += point.weight * point.excess
        }
        let (meanX, meanY) = (x / weight, y / weight)
        var variance = prior * Self.priorVariance
        var covariance = Self.priorSlope * variance
        for point in points where point.spread.isFinite {
            variance += point.weight * (point.spread - meanX) * (point.spread - meanX)
            covariance += point.weight * (point.spread - meanX) * (point.excess - meanY)
        }
        slope = max(0.01, min(0.1, covariance / variance))
        base = max(0, min(0.3, meanY - slope * meanX))
    }
}
