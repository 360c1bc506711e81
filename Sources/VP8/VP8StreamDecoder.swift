public import Media
public import VideoCoding

/// Decodes a stream of VP8 pictures (RFC 6386) with libvpx.
///
/// The bytes are taken to be hostile: headers are read here first, each key frame begins in a context of its own,
/// and a frame that does not decode ends it, so that nothing is shown that was predicted from damage. Which
/// pictures are held is the caller's to know (``Media/StreamPicture``).
///
/// Not for several tasks at once.
public final class VP8StreamDecoder: PictureStreamDecoder {
    private var context: StreamDecoderContext?

    /// Makes a decoder; nothing is allocated before the first key frame.
    public init() {}

    public func decode(
        _ picture: StreamPicture, largest: PictureSize
    ) throws(CodecError) -> VideoFrame {
        if picture.reference == nil {
            context = nil
            let header = try KeyFrameHeader(picture.payload)
            guard header.size.width <= largest.width, header.size.height <= largest.height else {
                throw .corrupt(reason: "a picture of \(header.size), larger than \(largest)")
            }
            context = try StreamDecoderContext(size: header.size)
        } else {
            try InterFrameHeader.check(picture.payload)
        }
        guard let context else { throw .corrupt(reason: "no key frame before") }
        do {
            return try context.decode(picture.payload)
        } catch {
            self.context = nil
            throw error
        }
    }
}

/// A decoder for the pictures from a key frame on.
private final class StreamDecoderContext {
    private let size: PictureSize
    private let context: DecoderContext

    init(size: PictureSize) throws(CodecError) {
        self.size = size
        context = try DecoderContext()
    }

    func decode(_ bytes: [UInt8]) throws(CodecError) -> VideoFrame {
        try context.decode(bytes, size: size)
    }
}
