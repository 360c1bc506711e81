import Media

/// How long the stages of a picture took.
package struct StageTimes: Sendable {
    private var samples: [String: [Double]] = [:]

    /// Starts without samples.
    package init() {}

    /// Adds one picture's time in a stage.
    package mutating func add(_ stage: String, _ duration: Duration) {
        samples[stage, default: []].append(duration.milliseconds)
    }

    /// Median, 95th percentile and largest time of each stage.
    package var summary: [String: StageSummary] { samples.mapValues(StageSummary.init) }

    /// Moves the samples out, so that the next second starts empty.
    package mutating func take() -> StageTimes {
        defer { self = StageTimes() }
        return self
    }

    /// Adds another set's samples.
    package mutating func merge(_ other: StageTimes) {
        samples.merge(other.samples) { $0 + $1 }
    }
}

/// What one stage took, in milliseconds.
public struct StageSummary: Codable, Hashable, Sendable {
    /// Half of the pictures took at most this.
    public let median: Double
    /// 95 of 100 pictures took at most this.
    public let percentile95: Double
    /// No picture took longer.
    public let largest: Double

    init(_ samples: [Double]) {
        let sorted = samples.sorted()
        func at(_ share: Double) -> Double {
            guard !sorted.isEmpty else { return 0 }
            let value = sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
            return (value * 1000).rounded() / 1000
        }
        median = at(0.5)
        percentile95 = at(0.95)
        largest = at(1)
    }
}
