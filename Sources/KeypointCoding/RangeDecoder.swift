/// The counterpart of ``RangeEncoder``; any bytes decode to some bits, never past a bound.
struct RangeDecoder {
    private var code: UInt32 = 0
    private var range: UInt32 = .max
    private var bytes: ArraySlice<UInt8>

    /// Starts to decode; zeros follow the last byte.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
        for _ in 0..<4 { code = code << 8 | nextByte() }
    }

    /// Decodes one bit and lets the context learn from it.
    mutating func decode(_ context: inout BitContext) -> Bool {
        let bound = context.bound(range)
        let bit = code >= bound
        if bit {
            code -= bound
            range -= bound
        } else {
            range = bound
        }
        context.learn(bit)
        while range < 1 << 24 {
            range <<= 8
            code = code << 8 | nextByte()
        }
        return bit
    }

    private mutating func nextByte() -> UInt32 { UInt32(bytes.popFirst() ?? 0) }
}
