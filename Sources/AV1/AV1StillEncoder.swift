public import Media
public import VideoCoding

/// Codes single pictures with libaom: on their own, as AV1 still pictures, or from another one.
///
/// At equal LPIPS of what is rebuilt from them still pictures take a third fewer bytes than VP8 key frames. Where a
/// picture of the same scene is there to be predicted from, some seconds older, half of that will do. The same pictures
/// always give the same bytes on their own. Not for several tasks at once.
public final class AV1StillEncoder: StillImageEncoder {
    private var predictions = PredictionCache()

    /// Makes an encoder; nothing is allocated before the first picture.
    public init() {}

    /// Codes `frame` at one quantizer.
    ///
    /// - Parameters:
    ///   - frame: a picture of any size.
    ///   - quantizer: 0 (finest) … 63 (coarsest), as libaom counts.
    /// - Returns: a sequence header and a frame, as ``AV1StillDecoder`` takes them.
    /// - Throws: ``CodecError/backend(_:)`` for a quantizer outside of the range, or libaom's words.
    public func encode(_ frame: VideoFrame, quantizer: Int) throws(CodecError) -> [UInt8] {
        var context = try AOMContext(still: frame.size, quantizer: Self.checked(quantizer))
        return try context.encode(still: frame)
    }

    /// Codes `frame` from a picture that the receiver has; the first one of each base takes some 35 ms more.
    ///
    /// - Parameters:
    ///   - frame: a picture of any size.
    ///   - base: a picture of the same size, to the last bit as the receiver has it.
    ///   - quantizer: 0 (finest) … 63 (coarsest), as libaom counts.
    /// - Returns: a frame, as ``AV1StillDecoder/decode(_:from:)`` takes it.
    /// - Throws: ``CodecError``, for a base of another size too.
    public func encode(
        _ frame: VideoFrame, from base: VideoFrame, quantizer: Int
    ) throws(CodecError) -> [UInt8]? {
        let checked = try Self.checked(quantizer)
        guard frame.size == base.size else {
            throw .unsupportedSize(width: base.size.width, height: base.size.height)
        }
        return try predictions.prediction(from: base).encode(frame, quantizer: checked)
    }

    private static func checked(_ quantizer: Int) throws(CodecError) -> UInt32 {
        guard (0...63).contains(quantizer) else {
            throw .backend("quantizer \(quantizer) is not between 0 and 63")
        }
        return UInt32(quantizer)
    }
}
