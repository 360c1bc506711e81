public import Media

/// Keypoints that are said again as they travel (`Protocol/packets.md`, section 3.11).
public struct KeypointsAgainFrame: Hashable, Sendable {
    /// How many pictures right before those of the keypoints in the same datagram, 1…6.
    public let pictureCount: Int
    /// The bits, as `Protocol/keypoints.md` defines them.
    public let payload: [UInt8]

    /// Makes a frame from values that the caller knows to be in range.
    public init(pictureCount: Int, payload: [UInt8]) {
        self.pictureCount = pictureCount
        self.payload = payload
    }

    /// The frame of a repetition, or nothing where it has no bytes or too many.
    public init?(_ again: KeypointsAgain) {
        guard (1...WireConstants.largestKeypointPayload).contains(again.payload.count) else {
            return nil
        }
        self.init(pictureCount: again.pictureCount, payload: again.payload)
    }

    /// The repetition, beside a unit of the same datagram; nothing where the pictures cannot be.
    public func again(beside unit: CodedKeypoints) -> KeypointsAgain? {
        KeypointsAgain(
            before: unit.firstPicture, pictureCount: pictureCount, sourceSet: unit.sourceSet,
            payload: payload)
    }

    init(
        parsing bytes: Span<UInt8>, at cursor: inout ByteCursor, pictureCount: Int, end: FrameEnd
    ) throws(WireError) {
        self.pictureCount = pictureCount
        payload = try cursor.payload(
            bytes, end: end, largest: WireConstants.largestKeypointPayload, .keypointLength)
    }

    func append(to bytes: inout [UInt8], end: FrameEnd) {
        bytes.append(payload: payload, end: end)
    }
}
