/// This codec against each other one: mean differences in rate at equal quality.
package struct Comparison: Sendable {
    /// A difference in rate: an object of `bd-rate.json`.
    package struct Entry: Codable, Hashable, Sendable {
        /// Which codec this one is compared to.
        package let codec: String
        /// By ``Measure``.
        package let metric: String
        /// ``RateKind``.
        package let rate: String
        /// Below 0 where this codec takes fewer bits.
        package let percent: Double
        /// The qualities that both reach, over which the mean is taken.
        package let interval: [Double]
        /// The ends of the bootstrap interval over clips. Nothing, which is written as null, where there
        /// is no telling: there is one clip only, or in most sets of clips that were drawn the two reach
        /// no quality in common.
        package let low, high: Double?
        /// The share of the drawn sets of clips in which the two reach a quality in common: the interval is
        /// of these alone, and says less the fewer they are. Nothing where there is one clip only.
        package let draws: Double?
        /// How many clips.
        package let clips: Int
        /// The share of this codec's span of qualities that the interval covers.
        package let share: Double

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(codec, forKey: .codec)
            try container.encode(metric, forKey: .metric)
            try container.encode(rate, forKey: .rate)
            try container.encode(percent, forKey: .percent)
            try container.encode(interval, forKey: .interval)
            // Null rather than left out: readers may count on the key.
            try container.encode(low, forKey: .low)
            try container.encode(high, forKey: .high)
            try container.encode(draws, forKey: .draws)
            try container.encode(clips, forKey: .clips)
            try container.encode(share, forKey: .share)
        }
    }

    /// A comparison that is not possible, and why.
    package struct Missing: Hashable, Sendable {
        package let codec, metric, rate, reason: String
    }

    package private(set) var entries: [Entry] = []
    package private(set) var missing: [Missing] = []

    /// Compares all that is there.
    package init(_ curves: PooledCurves, bootstrap: Bootstrap = Bootstrap()) {
        for codec in curves.names where codec != OwnCodec.name {
            for measure in Measure.allCases where measure.isComparedByRate {
                for kind in RateKind.allCases { compare(curves, codec, measure, kind, bootstrap) }
            }
        }
    }

    private mutating func compare(
        _ curves: PooledCurves, _ codec: String, _ measure: Measure, _ kind: RateKind,
        _ bootstrap: Bootstrap
    ) {
        let clips = curves.clips(OwnCodec.name, measure)
            .intersection(curves.clips(codec, measure)).sorted()
        // A measure that nobody has is told of once, elsewhere.
        guard !clips.isEmpty else { return }
        let own = curves.table(OwnCodec.name, measure, kind, clips: clips)
        let peer = curves.table(codec, measure, kind, clips: clips)
        func difference(_ clips: [Int]) -> (BDRate, own: RateQualityCurve)? {
            guard let mine = own.curve(clips), let other = peer.curve(clips) else { return nil }
            return mine.difference(from: other).map { ($0, mine) }
        }
        guard let (difference, mine) = difference(Array(clips.indices)) else {
            missing.append(
                Missing(
                    codec: codec, metric: measure.rawValue, rate: kind.rawValue,
                    reason: Self.reason(own, peer, clips.count)))
            return
        }
        let outcome =
            clips.count < 2
            ? nil
            : bootstrap.outcome(over: clips.count) { clips in
                guard let mine = own.curve(clips), let other = peer.curve(clips) else { return nil }
                return mine.difference(from: other)?.percent
            }
        let span = abs(mine.qualities.best - mine.qualities.worst)
        entries.append(
            Entry(
                codec: codec, metric: measure.rawValue, rate: kind.rawValue,
                percent: rounded(difference.percent), interval: difference.interval,
                low: outcome?.interval.map { rounded($0.lowerBound) },
                high: outcome?.interval.map { rounded($0.upperBound) },
                draws: outcome.map { rounded($0.share) }, clips: clips.count,
                share: rounded(abs(difference.interval[1] - difference.interval[0]) / span)))
    }

    /// Why two curves have no quality in common.
    private static func reason(
        _ own: PooledCurves.Table, _ peer: PooledCurves.Table, _ count: Int
    ) -> String {
        let clips = Array(0..<count)
        guard let mine = own.curve(clips) else { return "too few settings of this codec" }
        guard let other = peer.curve(clips) else { return "too few settings of that codec" }
        let sign = own.measure.higherIsBetter ? 1.0 : -1
        return sign * mine.qualities.best < sign * other.qualities.worst
            ? "its coarsest setting is better than the best of this codec"
            : "its best setting is worse than the coarsest of this codec"
    }

    private func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
