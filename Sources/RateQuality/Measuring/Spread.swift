/// Mean, median and bad end of one measure over the pictures of a clip.
package struct Spread: Codable, Hashable, Sendable {
    /// How many pictures it could be measured on.
    package let count: Int
    package let mean: Double
    package let median: Double
    /// 95 of 100 pictures are at least as good.
    package let percentile95: Double

    private enum CodingKeys: String, CodingKey {
        case count, mean, median
        case percentile95 = "p95"
    }

    /// Sums values up; nothing where there are none.
    package init?(_ values: [Double], higherIsBetter: Bool) {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        count = values.count
        mean = values.reduce(0, +) / Double(values.count)
        median = quantile(sorted, 0.5)
        percentile95 = quantile(sorted, higherIsBetter ? 0.05 : 0.95)
    }
}
