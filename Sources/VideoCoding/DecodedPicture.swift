public import Media

/// A picture that the receiver shows, and how it came about.
public struct DecodedPicture: Sendable {
    /// How a picture came about.
    public enum Origin: Hashable, Sendable {
        /// Warped from the sources to its own keypoints.
        case generated
        /// Its keypoints did not arrive in time: warped to keypoints between those around it.
        case madeUp
        /// Its keypoints did not arrive in time, or could not be decoded: the picture before is held.
        case missing
        /// The sender said that it is not warped: the newest picture of the stream stands.
        case streamed
        /// The sender said that it is not warped, and no newer picture came: the picture before stands.
        case standing
        /// The network failed: the picture before is held.
        case undecodable(CodecError)
    }

    /// Its number within the call.
    public let number: PictureNumber
    /// The picture.
    public let frame: VideoFrame
    /// How it came about.
    public let origin: Origin
    /// Whether the viewer is to see that it stands still.
    public let isMarked: Bool

    /// Makes a decoded picture.
    public init(
        number: PictureNumber, frame: VideoFrame, origin: Origin, isMarked: Bool = false
    ) {
        self.number = number
        self.frame = frame
        self.origin = origin
        self.isMarked = isMarked
    }
}
