/// A generator that gives prescribed bytes, then zeros: the ephemeral keys of vectors.
struct FixedRandom: RandomNumberGenerator, Sendable {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    mutating func next() -> UInt64 {
        let word = bytes.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        bytes = bytes.dropFirst(8)
        return word
    }
}
