import CAOM
import Media
import VideoCoding

/// The one owner of a libaom encoder for one picture.
@safe struct AOMContext: ~Copyable {
    /// The context; zero, which libaom takes for "not open", until it is opened.
    @unsafe private let codec: UnsafeMutablePointer<aom_codec_ctx_t>

    /// Of libaom's speeds 0 … 9 the one that pays: 4 gives 5 % fewer bytes in four times the time, 8
    /// takes half the time for 17 % more bytes.
    private static let speed: Int32 = 6

    /// Opens an encoder of still pictures of this size at one quantizer (0 … 63).
    init(size: PictureSize, quantizer: UInt32) throws(CodecError) {
        unsafe codec = .allocate(capacity: 1)
        unsafe codec.initialize(to: aom_codec_ctx_t())
        var configuration = unsafe aom_codec_enc_cfg_t()
        guard unsafe caom_default_still_configuration(&configuration) == AOM_CODEC_OK else {
            throw .backend("libaom was built without its AV1 encoder")
        }
        unsafe configuration.g_w = UInt32(size.width)
        unsafe configuration.g_h = UInt32(size.height)
        unsafe configuration.g_threads = 1
        unsafe configuration.g_pass = AOM_RC_ONE_PASS
        unsafe configuration.g_lag_in_frames = 0
        // Of one picture libaom makes a still one, with the short header.
        unsafe configuration.g_limit = 1
        unsafe configuration.rc_end_usage = AOM_Q
        guard unsafe caom_encoder_init(codec, &configuration) == AOM_CODEC_OK,
            unsafe caom_set_cpu_used(codec, Self.speed) == AOM_CODEC_OK,
            unsafe caom_set_quantizer(codec, quantizer) == AOM_CODEC_OK,
            // Loop restoration costs bytes that LPIPS does not see: 4 % of them.
            unsafe caom_set_restoration(codec, 0) == AOM_CODEC_OK
        else { throw .backend(lastWords) }
    }

    deinit {
        // Fails, harmlessly, for a context that was never opened.
        unsafe aom_codec_destroy(codec)
        unsafe codec.deallocate()
    }

    /// What libaom says about the last call that failed.
    private var lastWords: String {
        let summary = unsafe aom_codec_error(codec).map { unsafe String(cString: $0) }
        let detail = unsafe aom_codec_error_detail(codec).map { unsafe String(cString: $0) }
        return "libaom: \(summary ?? "unknown error")" + (detail.map { " (\($0))" } ?? "")
    }

    /// Codes `frame`, which must be of the size that the context was opened with.
    func encode(_ frame: VideoFrame) throws(CodecError) -> [UInt8] {
        // Three planes one after another is the layout that `aom_img_wrap` expects.
        var planes = frame.y + frame.u + frame.v
        let failure = unsafe planes.withUnsafeMutableBufferPointer { buffer -> String? in
            var image = unsafe aom_image_t()
            guard
                unsafe aom_img_wrap(
                    &image, AOM_IMG_FMT_I420, UInt32(frame.size.width), UInt32(frame.size.height),
                    1, buffer.baseAddress) != nil
            else { return "libaom cannot describe a picture of \(frame.size)" }
            let status = unsafe aom_codec_encode(codec, &image, 0, 1, 0)
            return status == AOM_CODEC_OK ? nil : lastWords
        }
        if let failure { throw .backend(failure) }
        if let bytes = packet() { return bytes }
        // The end of the pictures lets out what is held back.
        guard unsafe aom_codec_encode(codec, nil, 0, 1, 0) == AOM_CODEC_OK else {
            throw .backend(lastWords)
        }
        guard let bytes = packet() else { throw .backend("libaom gave no picture") }
        return bytes
    }

    private func packet() -> [UInt8]? {
        var position: aom_codec_iter_t?
        while let packet = unsafe aom_codec_get_cx_data(codec, &position) {
            guard unsafe packet.pointee.kind == AOM_CODEC_CX_FRAME_PKT,
                let bytes = unsafe packet.pointee.data.frame.buf
            else { continue }
            return unsafe [UInt8](
                UnsafeRawBufferPointer(start: bytes, count: packet.pointee.data.frame.sz))
        }
        return nil
    }
}
