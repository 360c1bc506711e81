import Media

/// How much of what a policy expects of its sources comes true: a pure value, driven by numbers.
///
/// Where the camera moves, a pose that comes again is seen before another ground: pictures are then rebuilt badly,
/// sources seem to pay, and each one that is added helps only the second that it was taken in. Nothing that
/// keypoints tell shows this; what the last sources brought does.
public struct SourceTrust: Hashable, Sendable {
    private var expected = 0.0
    private var found = 0.0
    private var latest = Duration.zero
    private let prior: Double
    private let halfLife: Duration

    /// Trusts.
    ///
    /// - Parameters:
    ///   - prior: what it takes to lose half of the trust: sources that were to bring so much, summed over looks
    ///     (``PictureDistance``), and brought nothing.
    ///   - halfLife: after so long what was found counts half.
    public init(prior: Double, halfLife: Duration) {
        self.prior = prior
        self.halfLife = halfLife
    }

    /// Takes in a look at what a source brings.
    ///
    /// - Parameters:
    ///   - expected: by how much the distance was to fall; nothing is learned where it was to stay.
    ///   - found: by how much it fell, below zero where it grew.
    public mutating func take(expected: Double, found: Double, at time: Duration) {
        guard expected > 0, expected.isFinite, found.isFinite else { return }
        let weight = Halving.share(after: (time - latest).seconds / halfLife.seconds)
        latest = time
        self.expected = self.expected * weight + expected
        self.found = self.found * weight + min(found, expected)
    }

    /// The share of an expected gain that is to be counted on, 0…1; it comes back with time, so that another
    /// source is tried.
    public func share(at time: Duration) -> Double {
        let weight = Halving.share(after: (time - latest).seconds / halfLife.seconds)
        return max(0, prior + weight * found) / (prior + weight * expected)
    }
}
