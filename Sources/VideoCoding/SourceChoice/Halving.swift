/// Shares that halve with time and what lies between two numbers, without a mathematics library.
enum Halving {
    /// 2^−times, by squaring (1 − times ln 2 / 16)^16: near enough.
    static func share(after times: Double) -> Double {
        var factor = max(0, 1 - times * 0.6931 / 16)
        for _ in 0..<4 { factor *= factor }
        return factor
    }

    /// What lies `share` of the way between two positive numbers whose logarithms grow evenly: by bisection, to a
    /// five-hundredth of the way.
    static func between(_ first: Double, _ last: Double, _ share: Double) -> Double {
        var (low, high, rest) = (first, last, max(0, min(1, share)))
        for _ in 0..<9 {
            let middle = (low * high).squareRoot()
            if rest < 0.5 { high = middle } else { low = middle }
            rest = rest < 0.5 ? 2 * rest : 2 * rest - 1
        }
        return (low * high).squareRoot()
    }
}
