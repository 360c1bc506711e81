import CVPX
import Media
import VideoCoding

/// A libvpx VP8 encoder for one picture.
struct EncoderContext: ~Copyable {
    private let context: CodecContext

    /// Opens an encoder that makes key frames of this size, all at one quantizer (0…63).
    init(size: PictureSize, quantizer: UInt32) throws(CodecError) {
        var configuration = unsafe vpx_codec_enc_cfg_t()
        guard
            unsafe vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &configuration, 0)
                == VPX_CODEC_OK
        else { throw .backend("libvpx was built without its VP8 encoder") }
        unsafe configuration.g_w = UInt32(size.width)
        unsafe configuration.g_h = UInt32(size.height)
        unsafe configuration.g_threads = 1
        unsafe configuration.g_pass = VPX_RC_ONE_PASS
        // No look-ahead: the packet comes out of the call that the picture went into.
        unsafe configuration.g_lag_in_frames = 0
        unsafe configuration.rc_end_usage = VPX_VBR
        unsafe configuration.rc_dropframe_thresh = 0
        unsafe configuration.rc_resize_allowed = 0
        unsafe configuration.rc_min_quantizer = quantizer
        unsafe configuration.rc_max_quantizer = quantizer

        let context = CodecContext()
        guard unsafe cvpx_encoder_init(context.codec, &configuration) == VPX_CODEC_OK,
            // 0 is the slowest search: a key frame of 256×256 still takes only some milliseconds.
            unsafe cvpx_set_cpu_used(context.codec, 0) == VPX_CODEC_OK
        else { throw .backend(context.lastWords) }
        self.context = context
    }

    /// Codes `frame`, which must be of the size that the context was opened with.
    func encodeKeyFrame(_ frame: VideoFrame) throws(CodecError) -> [UInt8] {
        try context.encode(
            frame, at: 0, flags: Int(VPX_EFLAG_FORCE_KF), deadline: VPX_DL_GOOD_QUALITY)
    }
}
