/// Pictures that are not warped: while they are due, the newest other picture stands.
public struct HeldPictures: Hashable, Sendable {
    /// The number of the first one.
    public let firstPicture: PictureNumber
    /// How many there are, 1…``largestPictureCount``.
    public let pictureCount: Int
    /// Whether the viewer is to see that the picture stands still.
    public let isMarked: Bool

    /// The most pictures that are told of at once.
    public static let largestPictureCount = 16

    /// Makes a statement; nothing where the count is out of range or the last picture has no number.
    public init?(firstPicture: PictureNumber, pictureCount: Int, isMarked: Bool) {
        guard (1...Self.largestPictureCount).contains(pictureCount),
            firstPicture.advanced(by: pictureCount) != nil
        else { return nil }
        self.firstPicture = firstPicture
        self.pictureCount = pictureCount
        self.isMarked = isMarked
    }

    /// The number after the last picture.
    public var end: PictureNumber {
        firstPicture.advanced(by: pictureCount) ?? PictureNumber(UInt32.max)
    }
}
