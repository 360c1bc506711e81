/// Why keypoints cannot be coded or decoded.
public enum KeypointCodingError: Error, Hashable, Sendable {
    /// The unit has no bytes.
    case empty
    /// A unit cannot hold so many pictures: it holds 1 to 6, and one where it is predicted from the mean.
    case pictureCount(Int)
    /// A picture or the reference has another number of keypoints than the tables.
    case keypointCount(expected: Int, found: Int)
}
