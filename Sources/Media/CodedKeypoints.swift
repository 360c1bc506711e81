/// The coded keypoints of one or more consecutive pictures, decodable from what both ends hold.
public struct CodedKeypoints: Hashable, Sendable {
    /// The number of the first picture.
    public let firstPicture: PictureNumber
    /// How many consecutive pictures follow from it, 1…``largestPictureCount``.
    public let pictureCount: Int
    /// The set of sources that the pictures are to be rebuilt from.
    public let sourceSet: SourceSetNumber
    /// What the first picture is predicted from; a unit whose reference is not held is of no use.
    public let reference: KeypointReference
    /// The bits, as `Protocol/keypoints.md` defines them.
    public let payload: [UInt8]
    /// The pictures right before these once more; nothing where they are not said again.
    public var again: KeypointsAgain?

    /// The most pictures that one unit may hold: keypoints are coded over the time of so many
    /// (`Protocol/keypoints.md`).
    public static let largestPictureCount = 6

    /// Makes a unit, or nothing where the count is out of range or the last picture has no number.
    public init?(
        firstPicture: PictureNumber, pictureCount: Int, sourceSet: SourceSetNumber,
        reference: KeypointReference, payload: [UInt8]
    ) {
        guard
            (1...Self.largestPictureCount).contains(pictureCount),
            firstPicture.advanced(by: pictureCount) != nil
        else { return nil }
        self.firstPicture = firstPicture
        self.pictureCount = pictureCount
        self.sourceSet = sourceSet
        self.reference = reference
        self.payload = payload
    }

    /// The number after the last picture.
    public var end: PictureNumber {
        firstPicture.advanced(by: pictureCount) ?? PictureNumber(UInt32.max)
    }
}
