import VideoCoding

/// Reads the fixed-length fields of a header, the highest bit first (AV1 specification, section 4.10.2).
struct HeaderBits {
    private let bytes: ArraySlice<UInt8>
    private var place = 0

    /// Reads from the first bit of `bytes`.
    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// The next `count` bits, at most 16, as a number.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)`` where so many are not left.
    mutating func take(_ count: Int) throws(CodecError) -> Int {
        guard place + count <= bytes.count * 8 else {
            throw .corrupt(reason: "the sequence header is cut off")
        }
        var value = 0
        for _ in 0..<count {
            let byte = bytes[bytes.startIndex + place / 8]
            value = value << 1 | Int(byte >> UInt8(7 - place % 8)) & 1
            place += 1
        }
        return value
    }
}
