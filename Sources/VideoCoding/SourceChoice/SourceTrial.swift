public import Media

/// A remembered picture that is rehearsed once more, now that a source is in use that was to make it better.
public struct SourceTrial: Hashable, Sendable {
    /// The picture: one of the policy's ``SourcePolicy/remembered``.
    public var picture: PictureNumber
    /// Its keypoints as the receiver had them.
    public var keypoints: Keypoints
    /// How far it was when the source was ordered, as far as is known.
    public var before: Double
    /// How far it is expected to be now.
    public var expected: Double
    /// How far it is (``PictureDistance``); nothing until it was tried.
    public var found: Double?

    /// Makes a question.
    public init(
        of picture: PictureNumber, _ keypoints: Keypoints, before: Double, expected: Double
    ) {
        self.picture = picture
        self.keypoints = keypoints
        self.before = before
        self.expected = expected
    }
}
