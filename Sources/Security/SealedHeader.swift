/// The header of a sealed datagram: its kind and version, and the low 17 bits of its packet number.
struct SealedHeader {
    private static let bits: UInt64 = 17

    /// The three bytes for a packet number.
    static func bytes(for packetNumber: UInt64) -> [UInt8] {
        let phase = UInt8(truncatingIfNeeded: packetNumber >> 16) & 1
        return [
            DatagramKind.sealed.firstByte | phase << 5,
            UInt8(truncatingIfNeeded: packetNumber >> 8), UInt8(truncatingIfNeeded: packetNumber),
        ]
    }

    /// The packet number with these low 17 bits that is nearest to the one after `largest` (RFC 9000, A.3).
    ///
    /// - Parameters:
    ///   - bytes: At least three, of a sealed datagram.
    ///   - largest: The largest packet number that was opened; nothing before the first one.
    static func packetNumber(in bytes: Span<UInt8>, after largest: UInt64?) -> UInt64 {
        let low = UInt64(bytes[0] >> 5 & 1) << 16 | UInt64(bytes[1]) << 8 | UInt64(bytes[2])
        let expected = largest.map { $0 + 1 } ?? 0
        let window: UInt64 = 1 << bits
        let candidate = expected & ~(window - 1) | low
        if candidate + window / 2 <= expected { return candidate + window }
        if candidate > expected + window / 2, candidate >= window { return candidate - window }
        return candidate
    }
}
