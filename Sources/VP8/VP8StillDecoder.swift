public import Media
public import VideoCoding

/// Rebuilds pictures from single VP8 key frames (RFC 6386) with libvpx.
///
/// The bytes are taken to be hostile: the header is read here first, so that libvpx never allocates
/// for a size the caller did not allow, and each call has a codec context of its own, so that one bad
/// frame leaves nothing behind. It can be used from several tasks at once.
public final class VP8StillDecoder: StillImageDecoder, Sendable {
    /// Makes a decoder; nothing is allocated before the first picture.
    public init() {}

    /// Decodes one key frame; the picture's time is zero.
    ///
    /// - Parameters:
    ///   - bytes: the frame, from the network.
    ///   - largest: the widest and highest picture to accept, in pixels.
    /// - Throws: ``CodecError/corrupt(reason:)`` for bytes that are no whole key frame of even
    ///   dimensions, at most `largest`. A frame that lost only bytes nothing depends on (the
    ///   encoder's padding at the end) still decodes, to the same picture.
    public func decode(_ bytes: [UInt8], largest: PictureSize) throws(CodecError) -> VideoFrame {
        let header = try KeyFrameHeader(bytes)
        guard header.size.width <= largest.width, header.size.height <= largest.height else {
            throw .corrupt(reason: "a picture of \(header.size), larger than \(largest)")
        }
        let context = try DecoderContext()
        return try context.decode(bytes, size: header.size)
    }
}
