import Glibc

/// How good a codec is at how many bits.
package struct RateQualityCurve: Sendable {
    /// One setting of the codec.
    package struct Point: Hashable, Sendable {
        /// kbit/s.
        package let rate: Double
        /// What a metric says.
        package let quality: Double

        /// A point of a curve.
        package init(rate: Double, quality: Double) {
            self.rate = rate
            self.quality = quality
        }
    }

    /// The points that count: by rate, each better than all that cost less.
    ///
    /// A setting that costs more and is no better would be used by nobody, and a rate for a quality
    /// must be a function.
    package let points: [Point]
    /// ln of the rate over quality, that turned round where lower is better.
    private let logarithm: PiecewiseCubic
    private let sign: Double

    /// Makes a curve; nothing where fewer than two points are left.
    package init?(_ points: [Point], higherIsBetter: Bool) {
        let sign = higherIsBetter ? 1.0 : -1
        var kept = [Point]()
        let sorted = points.filter { $0.rate > 0 && $0.rate.isFinite && $0.quality.isFinite }
            .sorted { ($0.rate, -sign * $0.quality) < ($1.rate, -sign * $1.quality) }
        for point in sorted {
            if let best = kept.last, sign * point.quality <= sign * best.quality { continue }
            kept.append(point)
        }
        guard
            let curve = PiecewiseCubic(
                x: kept.map { sign * $0.quality }, y: kept.map { log($0.rate) })
        else { return nil }
        self.sign = sign
        self.points = kept
        logarithm = curve
    }

    /// The qualities it reaches, from the worse to the better end.
    package var qualities: (worst: Double, best: Double) {
        (points[0].quality, points[points.count - 1].quality)
    }

    /// The rate at which it reaches a quality.
    package func rate(for quality: Double) -> RateForQuality {
        let place = sign * quality
        if place < logarithm.domain.lowerBound { return .below(points[0].rate) }
        if place > logarithm.domain.upperBound { return .above(points[points.count - 1].rate) }
        return .at(exp(logarithm(place)))
    }

    /// How much more or less this codec takes than another for the same quality, on average over the
    /// qualities that both reach (Bjøntegaard, VCEG-M33, with PCHIP in place of a polynomial).
    ///
    /// Nothing where no quality is reached by both.
    package func difference(from peer: RateQualityCurve) -> BDRate? {
        let low = max(logarithm.domain.lowerBound, peer.logarithm.domain.lowerBound)
        let high = min(logarithm.domain.upperBound, peer.logarithm.domain.upperBound)
        guard low < high else { return nil }
        let mine = logarithm.integral(over: low...high)
        let other = peer.logarithm.integral(over: low...high)
        let percent = 100 * (exp((mine - other) / (high - low)) - 1)
        return BDRate(percent: percent, interval: [sign * low, sign * high].sorted())
    }
}

/// A rate, or that it lies outside of what was measured.
package enum RateForQuality: Hashable, Sendable {
    /// Already the lowest rate measured is better.
    case below(Double)
    /// This rate, kbit/s.
    case at(Double)
    /// Even the highest rate measured is worse.
    case above(Double)
}

/// The mean difference in rate of two codecs at equal quality.
package struct BDRate: Hashable, Sendable {
    /// Below 0 where the first takes fewer bits.
    package let percent: Double
    /// The qualities that it was taken over, the smaller number first.
    package let interval: [Double]
}
