import CFFmpeg

/// An FFmpeg encoder and how it is to be set for pictures that come live.
@safe struct EncoderChoice {
    /// The encoder.
    @unsafe let codec: UnsafePointer<AVCodec>
    /// Its private options.
    let options: [(name: String, value: String)]
    /// A fixed quantizer for encoders of the MPEG-4 family, 0 for others.
    let quantizer: Int32
    /// Bits a second, for encoders without a constant quality; 0 for others.
    let bitRate: Int64

    /// The first encoder that is installed of those that suit a container; nothing where none is, or
    /// the container holds no I420.
    init?(for container: UnsafePointer<AVOutputFormat>) {
        let preferred: [(name: String, options: [(String, String)], quantizer: Int32, rate: Int64)]
        switch unsafe container.pointee.video_codec {
        case AV_CODEC_ID_H264:
            // Near-lossless to the eye, on the least processor time that still compresses well.
            preferred = [
                ("libx264", [("preset", "superfast"), ("crf", "18")], 0, 0),
                ("mpeg4", [], 2, 0),
            ]
        case AV_CODEC_ID_VP8, AV_CODEC_ID_VP9:
            preferred = [
                ("libvpx", Self.realtime + [("crf", "4")], 0, 4_000_000),
                ("libvpx-vp9", Self.realtime + [("crf", "15")], 0, 4_000_000),
            ]
        default: preferred = []
        }
        for choice in preferred {
            guard let codec = unsafe avcodec_find_encoder_by_name(choice.name) else { continue }
            unsafe self.codec = unsafe codec
            options = choice.options
            quantizer = choice.quantizer
            bitRate = choice.rate
            return
        }
        guard let codec = unsafe avcodec_find_encoder(container.pointee.video_codec),
            unsafe Self.takesI420(codec)
        else { return nil }
        unsafe self.codec = unsafe codec
        options = []
        let identifier = unsafe codec.pointee.id
        let hasQuantizer = Self.quantized.contains(identifier)
        quantizer = hasQuantizer ? 2 : 0
        bitRate = hasQuantizer ? 0 : 4_000_000
    }

    private static let realtime = [("deadline", "realtime"), ("cpu-used", "8")]

    private static let quantized = [
        AV_CODEC_ID_MPEG4, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_FLV1,
        AV_CODEC_ID_MSMPEG4V3, AV_CODEC_ID_WMV2, AV_CODEC_ID_H263,
    ]

    private static func takesI420(_ codec: UnsafePointer<AVCodec>) -> Bool {
        // None listed means that any will do (raw video).
        guard var format = unsafe codec.pointee.pix_fmts else { return true }
        while unsafe format.pointee != AV_PIX_FMT_NONE {
            if unsafe format.pointee == AV_PIX_FMT_YUV420P { return true }
            unsafe format += 1
        }
        return false
    }
}
