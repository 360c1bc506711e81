/// The first byte of a frame (`Protocol/packets.md`, section 3).
///
/// Frames whose bytes may have any length come in two kinds: with a length, and without one, up to the
/// end of the datagram.
enum FrameType {
    static let hello: UInt64 = 0x01
    static let sound: UInt64 = 0x02
    static let goodbye: UInt64 = 0x03
    static let keepAlive: UInt64 = 0x04
    static let sourceOffer: UInt64 = 0x05
    static let sourceSet: UInt64 = 0x06
    static let sourceDrop: UInt64 = 0x07
    static let acknowledgement: UInt64 = 0x08
    static let sourceStatus: UInt64 = 0x09
    static let report: UInt64 = 0x0A
    static let restarted: UInt64 = 0x0B
    static let sourceData: UInt64 = 0x0C
    static let voice: UInt64 = 0x0E
    static let voiceAt: UInt64 = 0x10
    /// A receiver's goodbye.
    static let farewell: UInt64 = 0x12
    static let hold: UInt64 = 0x13
    /// The first one, for one picture; up to six with a length, and as many to the end.
    static let keypointsAgain: UInt64 = 0x14
    static let keypointsAgainToTheEnd: UInt64 = 0x1A
    /// The first one, for one picture; up to six with a length, and as many to the end.
    static let keypoints: UInt64 = 0x20
    static let keypointsToTheEnd: UInt64 = 0x30
    /// Added to the four above: no length, the frame goes on to the end of the datagram.
    static let toTheEnd: UInt64 = 1
    /// The first one of twelve: to it the marks below are added.
    static let picture: UInt64 = 0x40
    /// Added to it: no bytes of the picture come after these.
    static let endOfPicture: UInt64 = 2
    /// Added to it once for an anchor, twice for a leaf.
    static let pictureKind: UInt64 = 4
    static let pictureStatus: UInt64 = 0x50
}

/// Where a frame's bytes end.
enum FrameEnd {
    /// A length stands before them.
    case counted
    /// They are the last ones of the datagram.
    case endOfPayload
}

extension ByteCursor {
    /// Reads bytes that end as `end` says.
    mutating func payload(
        _ bytes: Span<UInt8>, end: FrameEnd, largest: Int, _ field: WireField
    ) throws(WireError) -> [UInt8] {
        let count: Int
        switch end {
        case .counted:
            count = Int(try integer(bytes, in: 1...UInt64(largest), field))
        case .endOfPayload:
            count = bytes.count - offset
            guard (1...largest).contains(count) else {
                throw .valueOutOfRange(field: field, value: UInt64(count))
            }
        }
        return try take(count, bytes)
    }
}

extension [UInt8] {
    /// Appends bytes, and how many they are unless they are the last ones.
    mutating func append(payload: [UInt8], end: FrameEnd) {
        if case .counted = end { append(integer: UInt64(payload.count)) }
        self += payload
    }
}
