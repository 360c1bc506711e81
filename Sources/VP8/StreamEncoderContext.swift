import CVPX
import Media
import VideoCoding

/// A libvpx VP8 encoder whose golden and alternate reference frames the caller rules over.
///
/// The last frame, which libvpx would predict from by itself, is never used after the key frame, nor are
/// probabilities carried on from frame to frame: each picture needs its one reference and nothing else.
final class StreamEncoderContext {
    /// Where a picture is kept to predict others from.
    enum Buffer {
        case golden, alternate

        var other: Buffer { self == .golden ? .alternate : .golden }
    }

    /// The size of every picture.
    let size: PictureSize
    private let context: CodecContext
    private var count = 0

    /// Opens an encoder whose first picture is a key frame.
    init(size: PictureSize) throws(CodecError) {
        let context = CodecContext()
        var configuration = try unsafe Self.configuration(size, quantizer: 63)
        guard unsafe cvpx_encoder_init(context.codec, &configuration) == VPX_CODEC_OK,
            unsafe cvpx_set_cpu_used(context.codec, 1) == VPX_CODEC_OK
        else { throw .backend(context.lastWords) }
        self.size = size
        self.context = context
    }

    private static func configuration(
        _ size: PictureSize, quantizer: Int
    ) throws(CodecError) -> vpx_codec_enc_cfg_t {
        var configuration = unsafe vpx_codec_enc_cfg_t()
        guard
            unsafe vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &configuration, 0)
                == VPX_CODEC_OK
        else { throw .backend("libvpx was built without its VP8 encoder") }
        unsafe configuration.g_w = UInt32(size.width)
        unsafe configuration.g_h = UInt32(size.height)
        unsafe configuration.g_threads = 1
        unsafe configuration.g_pass = VPX_RC_ONE_PASS
        unsafe configuration.g_lag_in_frames = 0
        // Else the golden frame, where it changes, is copied to the alternate one.
        unsafe configuration.g_error_resilient = vpx_codec_er_flags_t(VPX_ERROR_RESILIENT_DEFAULT)
        // Key frames come when they are asked for, and never else.
        unsafe configuration.kf_mode = VPX_KF_DISABLED
        unsafe configuration.rc_end_usage = VPX_VBR
        unsafe configuration.rc_dropframe_thresh = 0
        unsafe configuration.rc_resize_allowed = 0
        unsafe configuration.rc_min_quantizer = UInt32(quantizer)
        unsafe configuration.rc_max_quantizer = UInt32(quantizer)
        return unsafe configuration
    }

    /// Codes a key frame, which is then in both buffers.
    func encodeKey(_ frame: VideoFrame, quantizer: Int) throws(CodecError) -> [UInt8] {
        try encode(
            frame, quantizer, Int(VPX_EFLAG_FORCE_KF) | Int(VP8_EFLAG_NO_UPD_ENTROPY))
    }

    /// Codes a picture from what one buffer holds.
    ///
    /// - Parameter isKept: whether the other buffer holds it from then on; else none does.
    func encode(
        _ frame: VideoFrame, quantizer: Int, from buffer: Buffer, isKept: Bool
    ) throws(CodecError) -> [UInt8] {
        var flags = VP8_EFLAG_NO_REF_LAST | VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_ENTROPY
        switch buffer {
        case .golden: flags |= VP8_EFLAG_NO_REF_ARF | VP8_EFLAG_NO_UPD_GF
        case .alternate: flags |= VP8_EFLAG_NO_REF_GF | VP8_EFLAG_NO_UPD_ARF
        }
        switch (isKept, buffer.other) {
        case (true, .golden): flags |= VP8_EFLAG_FORCE_GF
        case (true, .alternate): flags |= VP8_EFLAG_FORCE_ARF
        case (false, .golden): flags |= VP8_EFLAG_NO_UPD_GF
        case (false, .alternate): flags |= VP8_EFLAG_NO_UPD_ARF
        }
        return try encode(frame, quantizer, Int(flags))
    }

    private func encode(
        _ frame: VideoFrame, _ quantizer: Int, _ flags: Int
    ) throws(CodecError) -> [UInt8] {
        var configuration = try unsafe Self.configuration(size, quantizer: quantizer)
        guard unsafe vpx_codec_enc_config_set(context.codec, &configuration) == VPX_CODEC_OK
        else { throw .backend(context.lastWords) }
        defer { count += 1 }
        return try context.encode(
            frame, at: count, flags: flags, deadline: VPX_DL_GOOD_QUALITY)
    }
}
