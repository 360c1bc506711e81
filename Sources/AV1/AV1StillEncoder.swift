public import Media
public import VideoCoding

/// Codes single pictures as AV1 still pictures with libaom.
///
/// At equal LPIPS of what is rebuilt from them they take a third fewer bytes than VP8 key frames. Each
/// call has a codec context of its own, so the same picture always gives the same bytes, and the encoder
/// can be used from several tasks at once.
public final class AV1StillEncoder: StillImageEncoder, Sendable {
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
        guard (0...63).contains(quantizer) else {
            throw .backend("quantizer \(quantizer) is not between 0 and 63")
        }
        let context = try AOMContext(size: frame.size, quantizer: UInt32(quantizer))
        let bytes = try context.encode(frame)
        // The temporal delimiter, an empty unit, says nothing where there is one picture.
        let delimiter: [UInt8] = [0x12, 0x00]
        return bytes.starts(with: delimiter) ? Array(bytes.dropFirst(delimiter.count)) : bytes
    }
}
