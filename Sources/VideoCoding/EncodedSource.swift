public import KeypointCoding
public import Media

/// A source image as coded, and what the receiver makes of it.
public struct EncodedSource: Hashable, Sendable {
    /// What travels.
    public let coded: CodedSource
    /// The picture as the receiver has it.
    public let picture: VideoFrame
    /// The keypoints as the receiver has them.
    public let state: KeypointState
    /// Whether it was coded in full size, so that others may be predicted from it.
    public let isWhole: Bool
    /// What it is predicted from; nothing for one that stands alone.
    public let base: SourceIdentifier?

    /// Puts a source together.
    public init(
        coded: CodedSource, picture: VideoFrame, state: KeypointState, isWhole: Bool = true,
        base: SourceIdentifier? = nil
    ) {
        self.coded = coded
        self.picture = picture
        self.state = state
        self.isWhole = isWhole
        self.base = base
    }
}
