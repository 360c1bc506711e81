public import Media

/// Finds the keypoints of a picture (sender's side of the network).
public protocol KeypointDetector: AnyObject {
    /// How many keypoints each picture gives.
    var keypointCount: Int { get }

    /// Locations in −1…1 and strengths in 0…1 of the picture's keypoints.
    ///
    /// - Throws: ``CodecError/unsupportedSize(width:height:)`` where the network takes another size.
    func detect(in picture: VideoFrame) throws(CodecError) -> Keypoints
}
