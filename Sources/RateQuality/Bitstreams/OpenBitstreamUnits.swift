/// AV1's open bitstream units (AV1 specification, section 5.3).
enum OpenBitstreamUnits {
    // Section 6.2.2: types that RTP leaves out ("RTP Payload Format For AV1", section 5).
    private static let temporalDelimiter: UInt8 = 2
    private static let tileList: UInt8 = 8
    private static let padding: UInt8 = 15

    /// The units of one temporal unit.
    static func picture(in bytes: ArraySlice<UInt8>) throws(BitstreamError) -> CodedPicture {
        var parts = [Int]()
        var total = 0
        var place = bytes.startIndex
        while place < bytes.endIndex {
            let start = place
            let header = bytes[place]
            guard header & 0x80 == 0 else { throw .forbiddenBit(at: start - bytes.startIndex) }
            let headerLength = header & 0x04 != 0 ? 2 : 1
            place += headerLength
            var size = bytes.endIndex - place
            if header & 0x02 != 0 { size = try leb128(bytes, &place) }
            guard size >= 0, size <= bytes.endIndex - place else {
                throw .truncated(at: start - bytes.startIndex)
            }
            place += size
            let type = header >> 3 & 0x0F
            if type == temporalDelimiter || type == tileList || type == padding { continue }
            parts.append(headerLength + size)
            total += place - start
        }
        return CodedPicture(parts: parts, bytes: total)
    }

    /// A little-endian number of 7 bits a byte (section 4.10.5).
    private static func leb128(
        _ bytes: ArraySlice<UInt8>, _ place: inout Int
    ) throws(BitstreamError) -> Int {
        var value = 0
        for index in 0..<8 {
            guard place < bytes.endIndex else { throw .truncated(at: place - bytes.startIndex) }
            let byte = bytes[place]
            place += 1
            value |= Int(byte & 0x7F) << (7 * index)
            if byte & 0x80 == 0 { return value }
        }
        throw .truncated(at: place - bytes.startIndex)
    }
}
