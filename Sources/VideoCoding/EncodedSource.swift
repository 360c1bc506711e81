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

    /// Puts a source together.
    public init(coded: CodedSource, picture: VideoFrame, state: KeypointState) {
        self.coded = coded
        self.picture = picture
        self.state = state
    }
}
