/// The counterpart of ``RangeEncoder``; any bytes decode to some bits, never past a bound.
struct RangeDecoder {
    private var code: UInt32 = 0
    private var range: UInt32 = .max
    private let bytes: [UInt8]
    private var position = 0

    /// Starts to decode; zeros follow the last byte.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        for _ in 0..<4 { code = code << 8 | nextByte() }
    }

    /// Decodes a bit that is one with a probability of `one` / 65536, 32…65504.
    mutating func decode(one: UInt16) -> Bool {
        let bound = RangeEncoder.bound(range, one: one)
        let bit = code >= bound
        if bit {
            code -= bound
            range -= bound
        } else {
            range = bound
        }
        while range < 1 << 24 {
            range <<= 8
            code = code << 8 | nextByte()
        }
        return bit
    }

    /// Decodes a bit that is as often zero as one.
    mutating func decode() -> Bool { decode(one: RangeEncoder.half) }

    private mutating func nextByte() -> UInt32 {
        guard position < bytes.count else { return 0 }
        defer { position += 1 }
        return UInt32(bytes[position])
    }
}
