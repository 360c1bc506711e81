/// Decides whether a link loses so much that keypoints are worth saying again.
public struct LossFollower: Sendable {
    /// Whether they are.
    public private(set) var isLossy = false
    /// The share that is lost, a mean that is quick to rise and slow to fall.
    public private(set) var share = 0.0

    /// Saying again costs 0.5 kbit/s: from 4 % of loss on that is the better use of them.
    private static let enough = 0.04
    /// Below half of it, no more.
    private static let little = 0.02

    /// Starts with a link that loses nothing.
    public init() {}

    /// Looks, about once a second, at the share of datagrams that is lost.
    public mutating func take(_ share: Double) {
        self.share += (share - self.share) / (share > self.share ? 2 : 10)
        if self.share > Self.enough { isLossy = true }
        if self.share < Self.little { isLossy = false }
    }
}
