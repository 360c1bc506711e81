public import Media

/// Some bytes of a picture of the stream (`Protocol/packets.md`, section 3.13).
public struct PictureFrame: Hashable, Sendable {
    /// What the picture needs; distances are in pictures, 1…``WireConstants/largestPictureDistance``.
    public enum Kind: Hashable, Sendable {
        /// Stands alone.
        case key
        /// Predicted from the anchor so many pictures before; others may be predicted from it.
        case anchor(distance: Int)
        /// Predicted from the anchor so many pictures before; none is predicted from it.
        case leaf(distance: Int)
    }

    /// The low 16 bits of the picture's number.
    public let picture: UInt16
    /// What it needs.
    public let kind: Kind
    /// Where in it the bytes begin.
    public let offset: Int
    /// The bytes, at least one; they end within ``WireConstants/largestPicture``.
    public let bytes: [UInt8]
    /// Whether they are the last ones of the picture.
    public let isLast: Bool

    /// Makes a frame from values that the caller knows to be in range.
    public init(picture: UInt16, kind: Kind, offset: Int, bytes: [UInt8], isLast: Bool) {
        self.picture = picture
        self.kind = kind
        self.offset = offset
        self.bytes = bytes
        self.isLast = isLast
    }

    /// The frame of a part of a picture.
    public init(_ coded: StreamPicture, _ range: Range<Int>) {
        picture = UInt16(truncatingIfNeeded: coded.number.rawValue)
        kind =
            switch coded.kind {
            case .key: .key
            case .anchor(let other): .anchor(distance: coded.number.distance(from: other))
            case .leaf(let other): .leaf(distance: coded.number.distance(from: other))
            }
        offset = range.lowerBound
        bytes = Array(coded.payload[range])
        isLast = range.upperBound == coded.payload.count
    }

    /// What the frame takes in front of its bytes where it is the last one of its datagram, at most.
    public static let largestHeaderSize = 10

    /// The picture's number near the picture that is expected next, and what it needs; nothing where
    /// such a picture, or the one it refers to, cannot be.
    public func name(
        near expected: PictureNumber
    ) -> (number: PictureNumber, kind: StreamPicture.Kind)? {
        let expanded = LowBits.expand(picture, near: UInt64(expected.rawValue))
        guard let number = UInt32(exactly: expanded).map(PictureNumber.init) else { return nil }
        switch kind {
        case .key: return (number, .key)
        case .anchor(let distance):
            return number.advanced(by: -distance).map { (number, .anchor(from: $0)) }
        case .leaf(let distance):
            return number.advanced(by: -distance).map { (number, .leaf(from: $0)) }
        }
    }

    private var distance: Int? {
        switch kind {
        case .key: nil
        case .anchor(let distance), .leaf(let distance): distance
        }
    }

    /// What is added to the first type.
    var marks: UInt64 {
        let kinds: UInt64 =
            switch kind {
            case .key: 0
            case .anchor: 1
            case .leaf: 2
            }
        return kinds * FrameType.pictureKind + (isLast ? FrameType.endOfPicture : 0)
    }

    init(
        parsing bytes: Span<UInt8>, at cursor: inout ByteCursor, marks: UInt64
    ) throws(WireError) {
        picture = try cursor.uint16(bytes)
        isLast = marks & FrameType.endOfPicture != 0
        let largestDistance = UInt64(WireConstants.largestPictureDistance)
        switch marks / FrameType.pictureKind {
        case 0: kind = .key
        case 1:
            kind = .anchor(
                distance: Int(
                    try cursor.integer(bytes, in: 1...largestDistance, .pictureDistance)))
        default:
            kind = .leaf(
                distance: Int(
                    try cursor.integer(bytes, in: 1...largestDistance, .pictureDistance)))
        }
        let largest = WireConstants.largestPicture
        offset = Int(try cursor.integer(bytes, in: 0...UInt64(largest - 1), .pictureOffset))
        self.bytes = try cursor.payload(
            bytes, end: marks & FrameType.toTheEnd == 0 ? .counted : .endOfPayload,
            largest: min(largest - offset, WireConstants.largestDatagram), .pictureLength)
    }

    func append(to bytes: inout [UInt8], end: FrameEnd) {
        bytes.append(uint16: picture)
        if let distance { bytes.append(integer: UInt64(distance)) }
        bytes.append(integer: UInt64(offset))
        bytes.append(payload: self.bytes, end: end)
    }
}
