/// The keypoints of the pictures right before a unit once more, coarsely: for a receiver that has missed them.
///
/// They serve to be shown and nothing else: no other picture is predicted from them.
public struct KeypointsAgain: Hashable, Sendable {
    /// The first picture of the unit that they travel with, which they are predicted from.
    public let reference: PictureNumber
    /// How many pictures right before it, 1…``largestPictureCount``.
    public let pictureCount: Int
    /// The set of sources that the pictures are to be rebuilt from.
    public let sourceSet: SourceSetNumber
    /// The bits: the pictures backwards in time, as `Protocol/keypoints.md` defines them.
    public let payload: [UInt8]

    /// The most pictures that are said again at once.
    public static let largestPictureCount = 6

    /// Makes a repetition, or nothing where the count is out of range or the first picture has no number.
    public init?(
        before reference: PictureNumber, pictureCount: Int, sourceSet: SourceSetNumber,
        payload: [UInt8]
    ) {
        guard (1...Self.largestPictureCount).contains(pictureCount),
            reference.advanced(by: -pictureCount) != nil
        else { return nil }
        self.reference = reference
        self.pictureCount = pictureCount
        self.sourceSet = sourceSet
        self.payload = payload
    }

    /// The first of the pictures.
    public var firstPicture: PictureNumber { reference.advanced(by: -pictureCount) ?? .zero }
}
