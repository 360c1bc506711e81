import VideoCoding

/// One open bitstream unit: its type, and its payload (AV1 specification, sections 5.3.1, 5.3.2).
struct OpenBitstreamUnit {
    /// Types (section 6.2.2).
    static let sequenceHeader = 1
    static let frame = 6

    /// The type.
    let type: Int
    /// What follows the header.
    let payload: ArraySlice<UInt8>

    /// The place behind it.
    var end: Int { payload.endIndex }

    /// Reads the unit that `bytes` begin with.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)`` for a unit with an extension or without its size, as a still
    ///   picture has none, or one that is cut off.
    init(_ bytes: ArraySlice<UInt8>) throws(CodecError) {
        guard let header = bytes.first else {
            throw .corrupt(reason: "a still picture without a frame")
        }
        // forbidden bit, type (4 bits), extension, has size, reserved
        guard header & 0b1000_0111 == 0b0000_0010 else {
            throw .corrupt(reason: "a unit's header is \(header)")
        }
        type = Int(header >> 3)
        var size = 0
        var place = bytes.startIndex + 1
        // leb128 (section 4.10.5); three bytes of it are 2 MB.
        for index in 0..<3 {
            guard place < bytes.endIndex else { throw .corrupt(reason: "a unit is cut off") }
            let byte = bytes[place]
            place += 1
            size |= Int(byte & 0x7f) << (7 * index)
            guard byte & 0x80 != 0 else {
                guard size <= bytes.endIndex - place else {
                    throw .corrupt(reason: "a unit is cut off")
                }
                payload = bytes[place..<place + size]
                return
            }
        }
        throw .corrupt(reason: "a unit of over 2 MB")
    }
}
