/// Which probabilities the next number of a unit has: by its own expected magnitude, and by how much
/// larger than expected the numbers before it were (`Protocol/keypoints.md`, section 5).
struct NumberStatistics {
    private let tables: KeypointTables
    /// Magnitudes so far, none counted as more than 4, and what was to be expected; in 1/64.
    private var seen = 32
    private var wanted = 32

    /// round(1024 × 2^((j − 11.5) / 4)).
    private static let thresholds = [
        140, 166, 197, 235, 279, 332, 395, 470, 558, 664, 790, 939, 1117, 1328, 1579, 1878, 2233,
        2656, 3158, 3756, 4467, 5312, 6317, 7512,
    ]

    init(_ tables: KeypointTables) { self.tables = tables }

    /// The level of a number at a step, or nothing where it is so small that it is not sent.
    static func level(_ atStepZero: UInt8, _ step: QuantizerStep) -> Int? {
        let level = Int(atStepZero) - step.index
        return level < 0 ? nil : min(level, KeypointTables.levelCount - 1)
    }

    /// Where the three probabilities of a number of this level begin among all.
    func place(_ level: Int) -> Int {
        // How many thresholds are not above 1024 × seen / wanted.
        var low = 0
        var high = Self.thresholds.count
        while low < high {
            let middle = (low + high) / 2
            if Self.thresholds[middle] * wanted <= 1024 * seen {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return (level * KeypointTables.activityCount + low) * 3
    }

    /// Takes in a number that was coded.
    mutating func learn(_ level: Int, magnitude: Int) {
        seen += 64 * min(magnitude, 4)
        wanted += Int(tables.expected[level])
    }
}
