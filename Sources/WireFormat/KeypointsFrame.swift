public import Media

/// Coded keypoints as they travel (`Protocol/packets.md`, section 3.4).
public struct KeypointsFrame: Hashable, Sendable {
    /// What the first picture is predicted from.
    public enum Reference: Hashable, Sendable {
        /// A source.
        case source(SourceIdentifier)
        /// The picture so many before the first one, 1…``WireConstants/largestReferenceDistance``.
        case pictureBefore(Int)
    }

    /// The low 16 bits of the first picture's number.
    public let firstPicture: UInt16
    /// How many pictures, 1…`CodedKeypoints.largestPictureCount`.
    public let pictureCount: Int
    /// The set of sources that they are to be rebuilt from.
    public let sourceSet: SourceSetNumber
    /// What the first picture is predicted from.
    public let reference: Reference
    /// The bits, as `Protocol/keypoints.md` defines them.
    public let payload: [UInt8]

    /// Makes a frame from values that the caller knows to be in range.
    public init(
        firstPicture: UInt16, pictureCount: Int, sourceSet: SourceSetNumber, reference: Reference,
        payload: [UInt8]
    ) {
        self.firstPicture = firstPicture
        self.pictureCount = pictureCount
        self.sourceSet = sourceSet
        self.reference = reference
        self.payload = payload
    }

    /// The frame of a unit, or nothing where the unit refers to a picture that lies too far back, or
    /// has no bytes or too many.
    public init?(_ unit: CodedKeypoints) {
        guard (1...WireConstants.largestKeypointPayload).contains(unit.payload.count) else {
            return nil
        }
        switch unit.reference {
        case .source(let source): reference = .source(source)
        case .picture(let picture):
            let distance = unit.firstPicture.distance(from: picture)
            guard (1...WireConstants.largestReferenceDistance).contains(distance) else {
                return nil
            }
            reference = .pictureBefore(distance)
        }
        firstPicture = UInt16(truncatingIfNeeded: unit.firstPicture.rawValue)
        pictureCount = unit.pictureCount
        sourceSet = unit.sourceSet
        payload = unit.payload
    }

    /// The unit, its number found near the picture that is expected next; nothing where such a
    /// picture, or the one it refers to, cannot be.
    public func unit(near expected: PictureNumber) -> CodedKeypoints? {
        let number = LowBits.expand(firstPicture, near: UInt64(expected.rawValue))
        guard let first = UInt32(exactly: number).map(PictureNumber.init) else { return nil }
        let reference: KeypointReference
        switch self.reference {
        case .source(let source): reference = .source(source)
        case .pictureBefore(let distance):
            guard let picture = first.advanced(by: -distance) else { return nil }
            reference = .picture(picture)
        }
        return CodedKeypoints(
            firstPicture: first, pictureCount: pictureCount, sourceSet: sourceSet,
            reference: reference, payload: payload)
    }

    init(
        parsing bytes: Span<UInt8>, at cursor: inout ByteCursor, pictureCount: Int, end: FrameEnd
    ) throws(WireError) {
        self.pictureCount = pictureCount
        firstPicture = try cursor.uint16(bytes)
        sourceSet = SourceSetNumber(try cursor.byte(bytes))
        let value = try cursor.integer(bytes)
        if value & 1 == 1 {
            guard value >> 1 < WireConstants.sourceIdentifierLimit else {
                throw .valueOutOfRange(field: .sourceIdentifier, value: value >> 1)
            }
            reference = .source(SourceIdentifier(UInt16(truncatingIfNeeded: value >> 1)))
        } else {
            guard value >> 1 < UInt64(WireConstants.largestReferenceDistance) else {
                throw .valueOutOfRange(field: .referenceDistance, value: value >> 1)
            }
            reference = .pictureBefore(Int(value >> 1) + 1)
        }
        payload = try cursor.payload(
            bytes, end: end, largest: WireConstants.largestKeypointPayload, .keypointLength)
    }

    func append(to bytes: inout [UInt8], end: FrameEnd) {
        bytes.append(uint16: firstPicture)
        bytes.append(sourceSet.rawValue)
        switch reference {
        case .source(let source): bytes.append(integer: UInt64(source.rawValue) << 1 | 1)
        case .pictureBefore(let distance): bytes.append(integer: UInt64(distance - 1) << 1)
        }
        bytes.append(payload: payload, end: end)
    }
}
