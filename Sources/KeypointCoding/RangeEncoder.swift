/// Binary range encoder (Martin 1979; carry handling as in LZMA), `Protocol/keypoints.md`, section 4.
struct RangeEncoder {
    private var low: UInt64 = 0
    private var range: UInt32 = .max
    private var cached: UInt8 = 0
    private var pending = 0
    private var bytes: [UInt8] = []
    private var isFirst = true

    /// The probability of a bit that is as often zero as one.
    static let half: UInt16 = 32768

    /// The part of a range that stands for zero, where a one has a probability of `one` / 65536.
    ///
    /// Within 1..<range, for ranges of at least 2^24 and probabilities of 32…65504 / 65536.
    static func bound(_ range: UInt32, one: UInt16) -> UInt32 {
        (range >> 16) * (65536 - UInt32(one))
    }

    /// Codes a bit that is one with a probability of `one` / 65536, 32…65504.
    mutating func encode(_ bit: Bool, one: UInt16) {
        let bound = Self.bound(range, one: one)
        if bit {
            low += UInt64(bound)
            range -= bound
        } else {
            range = bound
        }
        while range < 1 << 24 {
            range <<= 8
            shift()
        }
    }

    /// Codes a bit that is as often zero as one.
    mutating func encode(_ bit: Bool) { encode(bit, one: Self.half) }

    /// The coded bytes, at least one; trailing zero bytes are left out, since the decoder reads zeros
    /// past the end.
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
        while bytes.count > 1, bytes.last == 0 { bytes.removeLast() }
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
