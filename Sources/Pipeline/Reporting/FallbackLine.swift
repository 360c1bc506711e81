import Foundation
import Media
import VideoCoding

/// One line of a statistics file: a sender begins to show something else than it did.
public struct FallbackLine: Codable, Hashable, Sendable {
    /// Always `fallback`.
    public var kind = "fallback"
    /// Seconds since the first picture.
    public var time: Double
    /// The picture from which on it holds.
    public var picture: Int
    /// What was shown: `keypoints`, `waiting` (the last picture stands), `stream` (VP8), `still` (it stands,
    /// marked).
    public var from: String
    /// What is shown.
    public var to: String
    /// Why: `cut`, `sameScene`, `newSource`, `warpingFails`, `noRoom`, `warpingWorks`.
    public var reason: String
    /// How far warped pictures were from the camera's at the look that led to it
    /// (``VideoCoding/PictureDistance``).
    public var warped: Double?
    /// The same for the stream's.
    public var streamed: Double?
    /// What the call left for the stream, in thousands of bits a second.
    public var kilobitsPerSecond: Double?

    init(_ change: SteppingAside.Change, _ number: PictureNumber, _ time: Duration) {
        self.time = (time.seconds * 1000).rounded() / 1000
        picture = Int(number.rawValue)
        from = "\(change.from)"
        to = "\(change.to)"
        reason = "\(change.reason)"
    }
}
