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
        /// The network failed: the picture before is held.
        case undecodable(CodecError)
    }

    /// Its number within the call.
    public let number: PictureNumber
    /// The picture.
    public let frame: VideoFrame
    /// How it came about.
    public let origin: Origin

    /// Makes a decoded picture.
    public init(number: PictureNumber, frame: VideoFrame, origin: Origin) {
        self.number = number
        self.frame = frame
        self.origin = origin
    }
}
