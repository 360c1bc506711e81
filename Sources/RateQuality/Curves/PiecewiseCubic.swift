/// A monotone curve through points: piecewise cubic Hermite interpolation (PCHIP).
///
/// Fritsch and Butland, *A Method for Constructing Local Monotone Piecewise Cubic Interpolants*,
/// SIAM J. Sci. Stat. Comput. 5, 1984, with three-point slopes at the ends; the same as scipy's
/// `PchipInterpolator`. It never overshoots, as the cubic polynomial of the first BD-rate does.
package struct PiecewiseCubic: Sendable {
    private let x: [Double]
    private let y: [Double]
    private let slopes: [Double]

    /// Where the curve begins and ends.
    package var domain: ClosedRange<Double> { x[0]...x[x.count - 1] }

    /// Makes a curve; nothing where there are fewer than two points, `x` does not rise strictly, or
    /// a number is not finite.
    package init?(x: [Double], y: [Double]) {
        guard x.count >= 2, x.count == y.count, (x + y).allSatisfy(\.isFinite),
            zip(x, x.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        self.x = x
        self.y = y
        slopes = Self.slopes(x, y)
    }

    /// The curve's value; outside of the domain, that of the nearer end.
    package func callAsFunction(_ place: Double) -> Double {
        let place = min(max(place, domain.lowerBound), domain.upperBound)
        let index = segment(place)
        let width = x[index + 1] - x[index]
        let t = (place - x[index]) / width
        let (c0, c1, c2, c3) = coefficients(index)
        return c0 + t * (c1 + t * (c2 + t * c3))
    }

    /// The integral over an interval; what lies outside of the domain is left away.
    package func integral(over interval: ClosedRange<Double>) -> Double {
        let interval = interval.clamped(to: domain)
        var sum = 0.0
        for index in 0..<x.count - 1 {
            let low = max(interval.lowerBound, x[index])
            let high = min(interval.upperBound, x[index + 1])
            guard low < high else { continue }
            let width = x[index + 1] - x[index]
            let (c0, c1, c2, c3) = coefficients(index)
            func primitive(_ place: Double) -> Double {
                let t = (place - x[index]) / width
                return t * (c0 + t * (c1 / 2 + t * (c2 / 3 + t * c3 / 4)))
            }
            sum += width * (primitive(high) - primitive(low))
        }
        return sum
    }

    private func segment(_ place: Double) -> Int {
        max(0, (x.firstIndex { $0 > place } ?? x.count - 1) - 1)
    }

    /// The cubic's coefficients over one segment, in its own unit of length.
    private func coefficients(_ index: Int) -> (Double, Double, Double, Double) {
        let width = x[index + 1] - x[index]
        let rise = y[index + 1] - y[index]
        let first = slopes[index] * width
        let last = slopes[index + 1] * width
        return (y[index], first, 3 * rise - 2 * first - last, first + last - 2 * rise)
    }

    private static func slopes(_ x: [Double], _ y: [Double]) -> [Double] {
        let widths = zip(x.dropFirst(), x).map { $0 - $1 }
        let rises = zip(zip(y.dropFirst(), y).map { $0 - $1 }, widths).map { $0 / $1 }
        guard rises.count > 1 else { return [rises[0], rises[0]] }
        var slopes = [Double](repeating: 0, count: x.count)
        for index in 1..<x.count - 1 where rises[index - 1] * rises[index] > 0 {
            let before = 2 * widths[index] + widths[index - 1]
            let after = widths[index] + 2 * widths[index - 1]
            slopes[index] = (before + after) / (before / rises[index - 1] + after / rises[index])
        }
        let last = rises.count - 1
        slopes[0] = end(widths[0], widths[1], rises[0], rises[1])
        slopes[x.count - 1] = end(
            widths[last], widths[last - 1], rises[last], rises[last - 1])
        return slopes
    }

    /// The slope at an end: of the parabola through three points, unless that is not monotone.
    private static func end(_ h0: Double, _ h1: Double, _ d0: Double, _ d1: Double) -> Double {
        let slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
        if slope * d0 <= 0 { return 0 }
        if d0 * d1 <= 0, abs(slope) > 3 * abs(d0) { return 3 * d0 }
        return slope
    }
}
