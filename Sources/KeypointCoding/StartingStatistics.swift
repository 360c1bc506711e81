/// The probabilities that the contexts start from, in 1/4096 (`Protocol/keypoints.md`, section 5).
struct StartingStatistics: Sendable {
    /// For one kind of residual.
    struct Residual: Sendable {
        /// Probability that the value is zero.
        let zero: UInt32
        /// Probability that the Exp-Golomb prefix ends at length 0, 1, ….
        let prefixEnd: [UInt32]

        /// What a two-sided geometric distribution gives, whose magnitudes fall by `ratio` / 4096 a step.
        init(ratio: UInt32) {
            let r = UInt64(ratio)
            // P(0) = (1 - r) / (1 + r)
            zero = UInt32((4096 - r) * 4096 / (4096 + r))
            // The prefix ends at length n with probability 1 - r^(2^n).
            var power = r
            var ends = [UInt32]()
            for _ in 0..<ResidualModel.largestPrefix {
                ends.append(UInt32(4096 - min(4095, power)))
                power = power * power / 4096
            }
            prefixEnd = ends
        }
    }

    /// Whole-head displacement against the source, and against the picture before.
    let firstShift, nextShift: Residual
    /// Location against the source, and against the picture before, after the displacement.
    let firstLocation, nextLocation: Residual
    /// Strength likewise.
    let firstStrength, nextStrength: Residual

    /// The shipped statistics: of some values each, those that cost the fewest bits over 6,300
    /// pictures of training clips in units of three.
    static let standard = StartingStatistics(
        firstShift: Residual(ratio: 3500), nextShift: Residual(ratio: 1700),
        firstLocation: Residual(ratio: 2400), nextLocation: Residual(ratio: 500),
        firstStrength: Residual(ratio: 500), nextStrength: Residual(ratio: 150))
}
