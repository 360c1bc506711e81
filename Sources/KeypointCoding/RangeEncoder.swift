/// Adaptive binary range encoder (Martin 1979; carry handling as in LZMA), `Protocol/keypoints.md`, section 3.
struct RangeEncoder {
    private var low: UInt64 = 0
    private var range: UInt32 = .max
    private var cached: UInt8 = 0
    private var pending = 0
    private var bytes: [UInt8] = []
    private var isFirst = true

    /// Codes one bit and lets the context learn from it.
    mutating func encode(_ bit: Bool, _ context: inout BitContext) {
        let bound = context.bound(range)
        if bit {
            low += UInt64(bound)
            range -= bound
        } else {
            range = bound
        }
        context.learn(bit)
        while range < 1 << 24 {
            range <<= 8
            shift()
        }
    }

    /// The coded bytes; trailing zero bytes are left out, since the decoder reads zeros past the end.
    consuming func finish() -> [UInt8] {
        // Of all numbers in low ..< low + range, the one with the most trailing zero bits.
        for bits in stride(from: 32, through: 0, by: -8) {
            let mask = (UInt64(1) << UInt64(bits)) - 1
            let candidate = (low + mask) & ~mask
            if candidate < low + UInt64(range) {
                low = candidate
                break
            }
        }
        for _ in 0..<5 { shift() }
        while bytes.last == 0 { bytes.removeLast() }
        return bytes
    }

    private mutating func shift() {
        if low < 0xFF00_0000 || low > 0xFFFF_FFFF {
            let carry = UInt8(truncatingIfNeeded: low >> 32)
            // The very first byte can only be zero and is not sent.
            if !isFirst { bytes.append(cached &+ carry) }
            isFirst = false
            for _ in 0..<pending { bytes.append(0xFF &+ carry) }
            pending = 0
            cached = UInt8(truncatingIfNeeded: low >> 24)
        } else {
            pending += 1
        }
        low = (low & 0x00FF_FFFF) << 8
    }
}
