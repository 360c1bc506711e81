/// A sequence of pseudo-random numbers from a seed: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
struct RandomSequence {
    private var state: UInt64

    /// Begins a sequence; `stream` tells apart sequences of one seed.
    init(seed: UInt64, stream: UInt64 = 0) {
        state = Self.scramble(seed &+ 0x9E37_79B9_7F4A_7C15 &* (stream &+ 1))
    }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.scramble(state)
    }

    /// The next number, 0 to 1 (exclusive).
    mutating func unit() -> Float { Self.fraction(next()) }

    /// The next number in a range, evenly spread.
    mutating func within(_ range: ClosedRange<Float>) -> Float {
        range.lowerBound + (range.upperBound - range.lowerBound) * unit()
    }

    /// The next number, about normal (sum of four), mean 0 and within −1…1.
    mutating func bellShaped() -> Float { (unit() + unit() + unit() + unit()) * 0.5 - 1 }

    /// True with this probability.
    mutating func chance(_ probability: Float) -> Bool { unit() < probability }

    /// One of `choices`, or `fallback` where there are none.
    mutating func choose<Choice>(_ choices: [Choice], or fallback: Choice) -> Choice {
        choices.isEmpty
            ? fallback : choices[min(Int(unit() * Float(choices.count)), choices.count - 1)]
    }

    /// The mixing function, for numbers looked up by index instead of in sequence.
    @inline(__always)
    static func scramble(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// The upper bits as a number, 0 to 1 (exclusive).
    @inline(__always)
    static func fraction(_ bits: UInt64) -> Float { Float(bits >> 40) * (1 / 16_777_216) }
}
