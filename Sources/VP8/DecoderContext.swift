import CVPX
import Media
import VideoCoding

/// A libvpx VP8 decoder: for one picture, or for the pictures from a key frame on.
struct DecoderContext: ~Copyable {
    private let context: CodecContext

    /// Opens a decoder that takes its size from the first frame.
    init() throws(CodecError) {
        var configuration = vpx_codec_dec_cfg_t(threads: 1, w: 0, h: 0)
        let context = CodecContext()
        guard unsafe cvpx_decoder_init(context.codec, &configuration) == VPX_CODEC_OK else {
            throw .backend(context.lastWords)
        }
        self.context = context
    }

    /// Decodes a frame whose header was checked; its picture must have this size.
    func decode(_ bytes: [UInt8], size: PictureSize) throws(CodecError) -> VideoFrame {
        try context.decode(bytes, size: size)
    }
}
