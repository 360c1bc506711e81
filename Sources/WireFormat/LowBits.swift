/// Numbers of which only the low 16 bits travel (RFC 9000, appendix A.3).
public enum LowBits {
    /// The number nearest to `expected` that has these low bits; never a negative one.
    ///
    /// - Parameter expected: what would come next if nothing had been lost.
    public static func expand(_ low: UInt16, near expected: UInt64) -> UInt64 {
        let window: UInt64 = 1 << 16
        let candidate = expected & ~(window - 1) | UInt64(low)
        if candidate + window / 2 <= expected { return candidate + window }
        if candidate > expected + window / 2, candidate >= window { return candidate - window }
        return candidate
    }
}
