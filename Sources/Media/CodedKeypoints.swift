/// The coded keypoints of one or more consecutive pictures, decodable without any other datagram.
public struct CodedKeypoints: Hashable, Sendable {
    /// The number of the first picture.
    public let firstPicture: PictureNumber
    /// How many consecutive pictures follow from it, 1…``largestPictureCount``.
    public let pictureCount: Int
    /// The source whose own keypoints the first picture is predicted from.
    public let reference: SourceIdentifier
    /// The bits, as `Protocol/keypoints.md` defines them.
    public let payload: [UInt8]

    /// The most pictures that one unit may hold.
    public static let largestPictureCount = 16

    /// Makes a unit, or nothing where the count is out of range or the last picture has no number.
    public init?(
        firstPicture: PictureNumber, pictureCount: Int, reference: SourceIdentifier,
        payload: [UInt8]
    ) {
        guard
            (1...Self.largestPictureCount).contains(pictureCount),
            firstPicture.advanced(by: pictureCount) != nil
        else { return nil }
        self.firstPicture = firstPicture
        self.pictureCount = pictureCount
        self.reference = reference
        self.payload = payload
    }

    /// The number after the last picture.
    public var end: PictureNumber {
        firstPicture.advanced(by: pictureCount) ?? PictureNumber(UInt32.max)
    }
}
