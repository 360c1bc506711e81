/// What each number would cost in bits, for the encoder's choice.
struct NumberCosts: Sendable {
    /// For each probability of the tables, the bits of a zero and of a one.
    private let bits: [(zero: Double, one: Double)]

    init(_ tables: KeypointTables) {
        bits = tables.ones.map { one in
            let share = Double(one) / 65536
            return (-binaryLogarithm(1 - share), -binaryLogarithm(share))
        }
    }

    /// Bits of a magnitude, sign included, whose probabilities begin at `place`.
    func bits(_ magnitude: Int, at place: Int) -> Double {
        guard magnitude > 0 else { return bits[place].zero }
        guard magnitude > 1 else { return bits[place].one + 1 + bits[place + 1].zero }
        let end = KeypointNumbers.directEnd
        let start = bits[place].one + 1 + bits[place + 1].one
        let direct = start + Double(min(magnitude, end) - 2) * bits[place + 2].one
        guard magnitude >= end else { return direct + bits[place + 2].zero }
        let rest = magnitude - end + 1
        return direct + Double(2 * (Int.bitWidth - rest.leadingZeroBitCount) - 1)
    }
}
