/// What a video encoder hands to the sending session, and a receiving session to the decoder.
public enum EncodedFrame: Hashable, Sendable {
    /// A source image: it is repeated until it has arrived whole.
    case source(CodedSource)
    /// Which sources belong together: it is repeated until the receiver holds the set.
    case sourceSet(SourceSet)
    /// Keypoints of one or more pictures: sent once; when lost, only these pictures are.
    case keypoints(CodedKeypoints)
    /// Sound: sent once, with the pictures of its time; when lost, only it is.
    case voice(CodedVoice)
    /// A picture of the stream for when warping fails: repeated until it has arrived, or a newer one is there.
    case picture(StreamPicture)
    /// Pictures that are not warped: sent once, in the place of their keypoints.
    case held(HeldPictures)
}
