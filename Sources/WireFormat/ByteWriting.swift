extension [UInt8] {
    /// Appends two bytes, most significant first.
    mutating func append(uint16 value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    /// Appends four bytes, most significant first.
    mutating func append(uint32 value: UInt32) {
        for shift in [24, 16, 8, 0] as [UInt32] {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Appends a variable-length integer in its shortest form (RFC 9000, section 16).
    package mutating func append(integer value: UInt64) {
        let lengthExponent: UInt64 =
            switch value {
            case 0..<0x40: 0
            case 0x40..<0x4000: 1
            case 0x4000..<0x4000_0000: 2
            default: 3
            }
        let length = 1 << lengthExponent
        precondition(value < 1 << 62, "a variable-length integer has at most 62 bits")
        let marked = value | lengthExponent << UInt64(length * 8 - 2)
        for index in (0..<length).reversed() {
            append(UInt8(truncatingIfNeeded: marked >> UInt64(index * 8)))
        }
    }
}
