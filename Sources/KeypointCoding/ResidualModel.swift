/// Contexts for signed whole numbers that are mostly small: zero flag, sign, then Exp-Golomb magnitude.
///
/// `Protocol/keypoints.md`, section 4.
struct ResidualModel {
    private var zero: BitContext
    private var sign = BitContext(zero: 2048)
    private var prefix: [BitContext]
    private var suffix: [BitContext]

    /// The longest prefix: magnitudes stay below 2^13, more than twice the largest coordinate.
    static let largestPrefix = 12

    /// Starts the contexts from probabilities in 1/4096: of a zero value, and of the end of the prefix at each length.
    init(_ start: StartingStatistics.Residual) {
        zero = BitContext(zero: 4096 - start.zero)
        prefix = start.prefixEnd.map { BitContext(zero: $0) }
        suffix = Array(repeating: BitContext(zero: 2200), count: Self.largestPrefix * 2)
    }

    mutating func encode(_ value: Int, with coder: inout RangeEncoder) {
        coder.encode(value == 0, &zero)
        guard value != 0 else { return }
        coder.encode(value < 0, &sign)
        // magnitude - 1 = 2^length - 1 + suffix of `length` bits
        let shifted = min(abs(value), (2 << Self.largestPrefix) - 1)
        let length = Int.bitWidth - 1 - shifted.leadingZeroBitCount
        for index in 0..<Self.largestPrefix {
            let ends = index == length
            coder.encode(!ends, &prefix[index])
            if ends { break }
        }
        for index in (0..<length).reversed() {
            // Only the leading bit of the suffix has statistics worth keeping.
            let isLeading = index == length - 1
            let context = isLeading ? length - 1 : Self.largestPrefix + index
            coder.encode(shifted >> index & 1 == 1, &suffix[context])
        }
    }

    mutating func decode(with coder: inout RangeDecoder) -> Int {
        if coder.decode(&zero) { return 0 }
        let isNegative = coder.decode(&sign)
        var length = 0
        while length < Self.largestPrefix, coder.decode(&prefix[length]) { length += 1 }
        var magnitude = 1
        for index in (0..<length).reversed() {
            let context = index == length - 1 ? length - 1 : Self.largestPrefix + index
            magnitude = magnitude << 1 | (coder.decode(&suffix[context]) ? 1 : 0)
        }
        return isNegative ? -magnitude : magnitude
    }
}
