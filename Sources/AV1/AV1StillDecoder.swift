public import Media
public import VideoCoding

/// Rebuilds single pictures with dav1d: AV1 still pictures, and those that were coded from another one.
///
/// The bytes are taken to be hostile: the headers are read here first, so that dav1d sees one frame of a
/// size that the caller allowed, and each call has a decoder of its own, so that one bad frame leaves
/// nothing behind. Not for several tasks at once.
public final class AV1StillDecoder: StillImageDecoder {
    private var predictions = PredictionCache()

    /// Makes a decoder; nothing is allocated before the first picture.
    public init() {}

    /// Decodes one still picture; the picture's time is zero.
    ///
    /// - Parameters:
    ///   - bytes: a sequence header and a frame, from the network.
    ///   - largest: the widest and highest picture to accept, in pixels.
    /// - Throws: ``CodecError/corrupt(reason:)`` for bytes that are no still picture of even dimensions,
    ///   at most `largest`.
    public func decode(_ bytes: [UInt8], largest: PictureSize) throws(CodecError) -> VideoFrame {
        let header = try StillPictureHeader(bytes)
        guard header.size.width <= largest.width, header.size.height <= largest.height else {
            throw .corrupt(reason: "a picture of \(header.size), larger than \(largest)")
        }
        let context = try Dav1dContext(largest: header.size)
        return try context.decode(bytes, size: header.size)
    }

    /// Decodes one picture that was coded from another one; its time is zero. The first one of each base takes
    /// some 40 ms, since the base is coded without loss for dav1d to begin with.
    ///
    /// - Parameters:
    ///   - bytes: a frame, from the network.
    ///   - base: the picture that it was coded from, to the last bit; of the same size.
    /// - Throws: ``CodecError/corrupt(reason:)`` for bytes that are no such frame.
    public func decode(
        _ bytes: [UInt8], from base: VideoFrame
    ) throws(CodecError) -> VideoFrame {
        let frame = try OpenBitstreamUnit(bytes[...])
        guard frame.type == OpenBitstreamUnit.frame else {
            throw .corrupt(reason: "no frame, but a unit of type \(frame.type)")
        }
        guard frame.end == bytes.endIndex else {
            throw .corrupt(reason: "\(bytes.endIndex - frame.end) bytes behind the frame")
        }
        let prediction = try predictions.prediction(from: base)
        let context = try Dav1dContext(largest: base.size)
        _ = try context.decode(prediction.keyFrame, size: base.size)
        return try context.decode(bytes, size: base.size)
    }
}
