import Media

/// `Protocol/packets.md`, section 3.3.
extension CodedKeypoints {
    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        let first = try cursor.integer(bytes, in: 0...UInt64(UInt32.max) - 64, .firstPicture)
        let count = try cursor.integer(
            bytes, in: 1...UInt64(CodedKeypoints.largestPictureCount), .pictureCount)
        let reference = try SourceIdentifier(parsing: bytes, at: &cursor)
        let length = try cursor.integer(
            bytes, in: 1...UInt64(WireConstants.largestKeypointPayload), .keypointLength)
        let payload = try cursor.take(Int(length), bytes)
        guard
            let unit = CodedKeypoints(
                firstPicture: PictureNumber(UInt32(truncatingIfNeeded: first)),
                pictureCount: Int(count), sourceSet: .zero, reference: .source(reference),
                payload: payload)
        else { throw .valueOutOfRange(field: .firstPicture, value: first) }
        self = unit
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: UInt64(firstPicture.rawValue))
        bytes.append(integer: UInt64(pictureCount))
        switch reference {
        case .source(let source): bytes.append(integer: UInt64(source.rawValue))
        case .picture: preconditionFailure("version 2 refers to sources only")
        }
        bytes.append(integer: UInt64(payload.count))
        bytes += payload
    }
}
