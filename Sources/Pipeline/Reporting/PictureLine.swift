import Media

/// One line of a trace: what happened to a picture, and when.
///
/// Where both ends run on one machine, or their machines' clocks agree, the lines of both together tell how long a
/// picture took from the camera to the screen.
public struct PictureLine: Codable, Hashable, Sendable {
    /// What happens to pictures.
    public enum Event: String, Codable, Sendable {
        /// A camera took it; of a file, a camera would have then.
        case taken
        /// It was shown, rebuilt from its own keypoints.
        case keypoints
        /// It was due, and one was shown that was made up from those around it.
        case madeUp
        /// It was due, and a picture of the stream was shown that had not been shown before.
        case stream
        /// It was due, and nothing new was shown.
        case held
    }

    /// What happened.
    public var event: Event
    /// The picture's number in the call, from 0 on at the sender's first one.
    public var picture: Int
    /// Seconds since 1970, by the machine's clock.
    public var clock: Double
}
