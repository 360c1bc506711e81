/// A place in a datagram that is being read; each read checks the end first.
package struct ByteCursor {
    /// The next byte.
    package private(set) var offset = 0

    /// Starts at the first byte.
    package init() {}

    /// Reads one byte.
    package mutating func byte(_ bytes: Span<UInt8>) throws(WireError) -> UInt8 {
        guard offset < bytes.count else { throw .truncated }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// Reads two bytes, most significant first.
    package mutating func uint16(_ bytes: Span<UInt8>) throws(WireError) -> UInt16 {
        let high = UInt16(try byte(bytes))
        return high << 8 | UInt16(try byte(bytes))
    }

    /// Reads four bytes, most significant first.
    package mutating func uint32(_ bytes: Span<UInt8>) throws(WireError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 { value = value << 8 | UInt32(try byte(bytes)) }
        return value
    }

    /// Reads a variable-length integer (RFC 9000, section 16).
    package mutating func integer(_ bytes: Span<UInt8>) throws(WireError) -> UInt64 {
        let first = try byte(bytes)
        var value = UInt64(first & 0x3F)
        for _ in 1..<(1 << Int(first >> 6)) { value = value << 8 | UInt64(try byte(bytes)) }
        return value
    }

    /// Reads a variable-length integer that must lie in `range`.
    package mutating func integer(
        _ bytes: Span<UInt8>, in range: ClosedRange<UInt64>, _ field: WireField
    ) throws(WireError) -> UInt64 {
        let value = try integer(bytes)
        guard range.contains(value) else { throw .valueOutOfRange(field: field, value: value) }
        return value
    }

    /// Reads `count` bytes.
    package mutating func take(_ count: Int, _ bytes: Span<UInt8>) throws(WireError) -> [UInt8] {
        guard count <= bytes.count - offset else { throw .truncated }
        defer { offset += count }
        var taken = [UInt8]()
        taken.reserveCapacity(count)
        for index in offset..<(offset + count) { taken.append(bytes[index]) }
        return taken
    }

    /// Whether all bytes have been read.
    package func isAtEnd(_ bytes: Span<UInt8>) -> Bool { offset >= bytes.count }
}
