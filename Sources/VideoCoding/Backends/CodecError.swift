/// What a codec backend could not do with what it was given.
public enum CodecError: Error, Hashable, Sendable {
    /// The picture's size is not one this codec handles.
    case unsupportedSize(width: Int, height: Int)
    /// The coded bytes are not a valid picture.
    case corrupt(reason: String)
    /// The keypoint count is not the one the network was made for.
    case keypointCount(expected: Int, found: Int)
    /// There is no source image to warp, or more than the network takes.
    case sourceCount(Int)
    /// The library behind the codec failed; its own words.
    case backend(String)
}
