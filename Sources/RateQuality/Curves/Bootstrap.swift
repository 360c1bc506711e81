import Media

/// Draws sets of clips with replacement, to tell how much a figure hangs on the clips at hand
/// (Efron, *Bootstrap Methods*, Annals of Statistics 7, 1979).
package struct Bootstrap: Sendable {
    /// How many sets are drawn.
    package var draws = 1000
    /// Equal seeds give equal sets.
    package var seed: UInt64 = 1
    /// The share of the draws that lies in the interval.
    package var confidence = 0.95

    /// The usual bootstrap.
    package init() {}

    /// What the draws tell of a figure.
    package struct Outcome: Hashable, Sendable {
        /// The interval; nothing where the figure exists for no more than half of the draws: there is no
        /// telling then.
        package let interval: ClosedRange<Double>?
        /// The share of the draws for which the figure exists; the interval is of these alone.
        package let share: Double
    }

    /// The interval of a figure over `count` clips; the figure may not exist for some sets.
    package func outcome(over count: Int, _ figure: (_ clips: [Int]) -> Double?) -> Outcome {
        guard count > 0 else { return Outcome(interval: nil, share: 0) }
        var random = SplitMix64(seed: seed)
        var values = [Double]()
        for _ in 0..<draws {
            let clips = (0..<count).map { _ in Int(random.next() % UInt64(count)) }
            if let value = figure(clips), value.isFinite { values.append(value) }
        }
        let share = Double(values.count) / Double(draws)
        guard 2 * values.count > draws else { return Outcome(interval: nil, share: share) }
        values.sort()
        let tail = (1 - confidence) / 2
        return Outcome(
            interval: quantile(values, tail)...quantile(values, 1 - tail), share: share)
    }
}

/// The value below which this share of sorted samples lies, with linear interpolation between them.
package func quantile(_ sorted: [Double], _ share: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let place = max(0, min(1, share)) * Double(sorted.count - 1)
    let index = Int(place)
    guard index + 1 < sorted.count else { return last }
    return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
}
