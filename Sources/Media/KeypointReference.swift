/// What the first picture of a keypoint unit is predicted from: something that both ends hold.
public enum KeypointReference: Hashable, Sendable {
    /// The keypoints of a source that the receiver has acknowledged.
    case source(SourceIdentifier)
    /// The keypoints of a picture that the receiver has acknowledged.
    case picture(PictureNumber)
}
