public import Media
public import VideoCoding

/// Codes single pictures as VP8 key frames (RFC 6386) with libvpx.
///
/// Each call has a codec context of its own, so the same picture always gives the same bytes, and
/// the encoder can be used from several tasks at once.
public final class VP8StillEncoder: StillImageEncoder, Sendable {
    /// Makes an encoder; nothing is allocated before the first picture.
    public init() {}

    /// Codes `frame` as one key frame at a fixed quantizer.
    ///
    /// - Parameters:
    ///   - frame: a picture of any size.
    ///   - quantizer: 0 (finest) … 63 (coarsest), as libvpx counts; every macroblock gets it.
    /// - Returns: a key frame that ``VP8StillDecoder`` takes.
    /// - Throws: ``CodecError/backend(_:)`` for a quantizer outside of the range, or libvpx's words.
    public func encode(_ frame: VideoFrame, quantizer: Int) throws(CodecError) -> [UInt8] {
        guard (0...63).contains(quantizer) else {
            throw .backend("quantizer \(quantizer) is not between 0 and 63")
        }
        let context = try EncoderContext(size: frame.size, quantizer: UInt32(quantizer))
        return try context.encodeKeyFrame(frame)
    }
}
