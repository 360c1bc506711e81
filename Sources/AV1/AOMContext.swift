import CAOM
import Media
import VideoCoding

/// The one owner of a libaom encoder for pictures of one size.
@safe struct AOMContext: ~Copyable {
    /// The context; zero, which libaom takes for "not open", until it is opened.
    @unsafe private let codec: UnsafeMutablePointer<aom_codec_ctx_t>
    private var pictureCount: aom_codec_pts_t = 0

    /// Of libaom's speeds 0 … 9 for still pictures the one that pays: 4 gives 5 % fewer bytes in four times the
    /// time, 8 takes half the time for 17 % more bytes.
    private static let stillSpeed: Int32 = 6
    /// Of its speeds 5 … 9 for moving pictures: at equal LPIPS 6 and 7 take 10 and 25 % more bytes of what is coded from
    /// a base, in 17 and 5 ms instead of 30.
    private static let movingSpeed: Int32 = 5

    /// Opens an encoder of one still picture of this size at one quantizer (0 … 63).
    init(still size: PictureSize, quantizer: UInt32) throws(CodecError) {
        try self.init(
            size, usage: UInt32(AOM_USAGE_ALL_INTRA), speed: Self.stillSpeed, still: quantizer)
    }

    /// Opens an encoder of a base, which comes first, and of pictures that are predicted from it.
    init(base size: PictureSize) throws(CodecError) {
        try self.init(size, usage: UInt32(AOM_USAGE_REALTIME), speed: Self.movingSpeed, still: nil)
    }

    private init(
        _ size: PictureSize, usage: UInt32, speed: Int32, still quantizer: UInt32?
    ) throws(CodecError) {
        unsafe codec = .allocate(capacity: 1)
        unsafe codec.initialize(to: aom_codec_ctx_t())
        var configuration = unsafe aom_codec_enc_cfg_t()
        guard unsafe caom_default_configuration(&configuration, usage) == AOM_CODEC_OK else {
            throw .backend("libaom was built without its AV1 encoder")
        }
        unsafe configuration.g_w = UInt32(size.width)
        unsafe configuration.g_h = UInt32(size.height)
        unsafe configuration.g_threads = 1
        unsafe configuration.g_pass = AOM_RC_ONE_PASS
        unsafe configuration.g_lag_in_frames = 0
        // Of one picture libaom makes a still one, with the short header.
        if quantizer != nil { unsafe configuration.g_limit = 1 }
        unsafe configuration.kf_mode = AOM_KF_DISABLED
        unsafe configuration.rc_end_usage = AOM_Q
        guard unsafe caom_encoder_init(codec, &configuration) == AOM_CODEC_OK,
            unsafe caom_set_cpu_used(codec, speed) == AOM_CODEC_OK,
            // Loop restoration costs bytes that LPIPS does not see: 4 % of them.
            unsafe caom_set_restoration(codec, 0) == AOM_CODEC_OK,
            // Of moving pictures each one names its own.
            unsafe caom_set_quantizer(codec, quantizer ?? 0) == AOM_CODEC_OK
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

    /// Codes a still picture.
    mutating func encode(still frame: VideoFrame) throws(CodecError) -> [UInt8] {
        try encode(frame, flags: 0)
    }

    /// Codes the base without loss.
    mutating func encode(base frame: VideoFrame) throws(CodecError) -> [UInt8] {
        guard unsafe caom_set_lossless(codec, 1) == AOM_CODEC_OK else { throw .backend(lastWords) }
        let bytes = try encode(frame, flags: AOM_EFLAG_FORCE_KF)
        guard unsafe caom_set_lossless(codec, 0) == AOM_CODEC_OK else { throw .backend(lastWords) }
        return bytes
    }

    /// Codes a picture from the base alone: nothing refers to it, and nothing of how the base was coded matters.
    mutating func encode(
        predicted frame: VideoFrame, quantizer: UInt32
    ) throws(CodecError) -> [UInt8] {
        guard unsafe caom_set_quantizer(codec, quantizer) == AOM_CODEC_OK else {
            throw .backend(lastWords)
        }
        // The flags that are meant to keep references as they are do not, here.
        guard unsafe caom_refer_to_first_only(codec) == AOM_CODEC_OK else {
            throw .backend(lastWords)
        }
        return try encode(frame, flags: AOM_EFLAG_ERROR_RESILIENT)
    }

    /// Codes `frame`, which must be of the size that the context was opened with.
    private mutating func encode(_ frame: VideoFrame, flags: Int32) throws(CodecError) -> [UInt8] {
        // Three planes one after another is the layout that `aom_img_wrap` expects.
        var planes = frame.y + frame.u + frame.v
        let failure = unsafe planes.withUnsafeMutableBufferPointer { buffer -> String? in
            var image = unsafe aom_image_t()
            guard
                unsafe aom_img_wrap(
                    &image, AOM_IMG_FMT_I420, UInt32(frame.size.width), UInt32(frame.size.height),
                    1, buffer.baseAddress) != nil
            else { return "libaom cannot describe a picture of \(frame.size)" }
            let status = unsafe aom_codec_encode(
                codec, &image, pictureCount, 1, aom_enc_frame_flags_t(flags))
            return status == AOM_CODEC_OK ? nil : lastWords
        }
        if let failure { throw .backend(failure) }
        pictureCount += 1
        if let bytes = packet() { return bytes }
        // The end of the pictures lets out what is held back.
        guard unsafe aom_codec_encode(codec, nil, 0, 1, 0) == AOM_CODEC_OK else {
            throw .backend(lastWords)
        }
        guard let bytes = packet() else { throw .backend("libaom gave no picture") }
        return bytes
    }

    /// What came out, without its temporal delimiter: an empty unit, which says nothing where there is one picture.
    private func packet() -> [UInt8]? {
        var position: aom_codec_iter_t?
        while let packet = unsafe aom_codec_get_cx_data(codec, &position) {
            guard unsafe packet.pointee.kind == AOM_CODEC_CX_FRAME_PKT,
                let bytes = unsafe packet.pointee.data.frame.buf
            else { continue }
            let all = unsafe UnsafeRawBufferPointer(
                start: bytes, count: packet.pointee.data.frame.sz)
            let delimiter: [UInt8] = [0x12, 0x00]
            return unsafe all.starts(with: delimiter)
                ? Array(all.dropFirst(delimiter.count)) : Array(all)
        }
        return nil
    }
}
