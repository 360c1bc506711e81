/// The estimated probability of a zero bit, which each coded bit moves.
struct BitContext {
    /// Probability of a zero, in 1/4096.
    private var zero: UInt32
    /// How many bits it has seen; the first ones move it more.
    private var seen: UInt32

    /// Starts at `zero` / 4096; values outside of 64…4032 are moved inside.
    init(zero: UInt32) {
        self.zero = max(64, min(4032, zero))
        seen = 0
    }

    /// The part of a range that stands for zero.
    func bound(_ range: UInt32) -> UInt32 { (range >> 12) * zero }

    /// Moves the probability towards the bit by 1/8 at first, by 1/32 in the long run.
    mutating func learn(_ bit: Bool) {
        let shift: UInt32 = seen < 8 ? 3 : (seen < 24 ? 4 : 5)
        seen = min(seen + 1, 24)
        if bit { zero -= zero >> shift } else { zero += (4096 - zero) >> shift }
        zero = max(64, min(4032, zero))
    }
}
