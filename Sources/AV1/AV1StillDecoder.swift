public import Media
public import VideoCoding

/// Rebuilds pictures from single AV1 still pictures with dav1d.
///
/// The bytes are taken to be hostile: the headers are read here first, so that dav1d sees one frame of a
/// size that the caller allowed, and each call has a decoder of its own, so that one bad frame leaves
/// nothing behind. It can be used from several tasks at once.
public final class AV1StillDecoder: StillImageDecoder, Sendable {
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
}
