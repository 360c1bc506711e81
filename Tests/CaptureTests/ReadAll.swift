import Capture
import Media

/// All pictures of an input, at 32×32 unless told otherwise.
func readAll(
    _ input: VideoInput, size: PictureSize? = PictureSize(width: 32, height: 32), crop: Crop? = nil
) throws -> [VideoFrame] {
    let reader = try VideoReader(input, size: size ?? .standard, crop: crop)
    var frames = [VideoFrame]()
    while let frame = try reader.next() { frames.append(frame) }
    return frames
}

extension VideoFrame {
    /// The luma in the middle.
    var middle: UInt8 { y[(size.height / 2) * size.width + size.width / 2] }
}
