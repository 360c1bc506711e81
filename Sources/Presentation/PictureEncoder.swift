import CFFmpeg
import Media

/// The one owner of an FFmpeg video encoder.
@safe final class PictureEncoder {
    /// The open encoder.
    @unsafe let context: UnsafeMutablePointer<AVCodecContext>

    private let picture: UnsafeMutablePointer<AVFrame>
    private let packet: UnsafeMutablePointer<AVPacket>
    private let size: PictureSize
    private let path: String

    /// Opens an encoder whose pictures are numbered at a rate.
    ///
    /// - Parameter hasGlobalHeader: whether the container wants the codec's parameters at its start.
    init(
        _ choice: EncoderChoice, size: PictureSize, rate: PictureRate, hasGlobalHeader: Bool,
        path: String
    ) throws(PresentationError) {
        let name = unsafe String(cString: choice.codec.pointee.name)
        var context = unsafe avcodec_alloc_context3(choice.codec)
        var picture = unsafe av_frame_alloc()
        var packet = unsafe av_packet_alloc()
        guard let encoder = unsafe context, let frame = unsafe picture, let output = unsafe packet
        else {
            unsafe avcodec_free_context(&context)
            unsafe av_frame_free(&picture)
            unsafe av_packet_free(&packet)
            throw .noEncoder(path: path, codec: name, reason: ffmpegReason(cffmpeg_out_of_memory))
        }
        unsafe self.context = unsafe encoder
        unsafe self.picture = unsafe frame
        unsafe self.packet = unsafe output
        self.size = size
        self.path = path

        unsafe Self.describe(encoder, size: size, rate: rate)
        unsafe encoder.pointee.bit_rate = choice.bitRate
        if choice.quantizer > 0 {
            unsafe encoder.pointee.flags |= AV_CODEC_FLAG_QSCALE
            unsafe encoder.pointee.global_quality = choice.quantizer * FF_QP2LAMBDA
        }
        if hasGlobalHeader { unsafe encoder.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
        var options: OpaquePointer?
        defer { unsafe av_dict_free(&options) }
        for option in choice.options { unsafe av_dict_set(&options, option.name, option.value, 0) }
        var status = unsafe avcodec_open2(encoder, choice.codec, &options)
        guard status == 0 else {
            throw .noEncoder(path: path, codec: name, reason: ffmpegReason(status))
        }
        unsafe frame.pointee.width = Int32(size.width)
        unsafe frame.pointee.height = Int32(size.height)
        unsafe frame.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        status = unsafe av_frame_get_buffer(frame, 0)
        guard status == 0 else {
            throw .noEncoder(path: path, codec: name, reason: ffmpegReason(status))
        }
    }

    deinit {
        var (context, picture, packet) = unsafe (
            Optional(self.context), Optional(self.picture), Optional(self.packet)
        )
        unsafe avcodec_free_context(&context)
        unsafe av_frame_free(&picture)
        unsafe av_packet_free(&packet)
    }

    /// Encodes a picture and hands on the packets that come out.
    func encode(
        _ frame: VideoFrame, number: Int,
        to write: (UnsafeMutablePointer<AVPacket>) throws(PresentationError) -> Void
    ) throws(PresentationError) {
        let status = unsafe av_frame_make_writable(picture)
        guard status == 0 else { throw .writeFailed(path: path, reason: ffmpegReason(status)) }
        let (planes, strides) = unsafe (picture.pointee.data, picture.pointee.linesize)
        unsafe copy(frame.y, to: planes.0, stride: strides.0, size.width)
        unsafe copy(frame.u, to: planes.1, stride: strides.1, size.width / 2)
        unsafe copy(frame.v, to: planes.2, stride: strides.2, size.width / 2)
        unsafe picture.pointee.pts = Int64(number)
        try unsafe send(picture, to: write)
    }

    /// Hands on the packets that the encoder still holds.
    func flush(
        to write: (UnsafeMutablePointer<AVPacket>) throws(PresentationError) -> Void
    ) throws(PresentationError) {
        try unsafe send(nil, to: write)
    }

    private func send(
        _ picture: UnsafeMutablePointer<AVFrame>?,
        to write: (UnsafeMutablePointer<AVPacket>) throws(PresentationError) -> Void
    ) throws(PresentationError) {
        var status = unsafe avcodec_send_frame(context, picture)
        while status == 0 {
            status = unsafe avcodec_receive_packet(context, packet)
            if status == 0 { try unsafe write(packet) }
        }
        guard status == cffmpeg_try_again || status == cffmpeg_end_of_file else {
            throw .writeFailed(path: path, reason: ffmpegReason(status))
        }
    }

    private func copy(
        _ bytes: [UInt8], to plane: UnsafeMutablePointer<UInt8>?, stride: Int32, _ width: Int
    ) {
        guard let plane = unsafe plane else { return }
        unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let first = bytes.baseAddress else { return }
            for row in 0..<bytes.count / width {
                unsafe (plane + row * Int(stride)).update(from: first + row * width, count: width)
            }
        }
    }

    private static func describe(
        _ encoder: UnsafeMutablePointer<AVCodecContext>, size: PictureSize, rate: PictureRate
    ) {
        unsafe encoder.pointee.width = Int32(size.width)
        unsafe encoder.pointee.height = Int32(size.height)
        unsafe encoder.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        unsafe encoder.pointee.time_base = AVRational(num: 1, den: Int32(rate.picturesPerSecond))
        unsafe encoder.pointee.framerate = AVRational(num: Int32(rate.picturesPerSecond), den: 1)
        // The network needs the cores more than an encoder at this speed does.
        unsafe encoder.pointee.thread_count = 1
        // Two seconds between key frames, and nothing reordered: a file that was cut off still plays.
        unsafe encoder.pointee.gop_size = Int32(2 * rate.picturesPerSecond)
        unsafe encoder.pointee.max_b_frames = 0
        unsafe encoder.pointee.color_range = AVCOL_RANGE_MPEG
        unsafe encoder.pointee.colorspace = AVCOL_SPC_SMPTE170M
        unsafe encoder.pointee.color_primaries = AVCOL_PRI_SMPTE170M
        unsafe encoder.pointee.color_trc = AVCOL_TRC_SMPTE170M
        unsafe encoder.pointee.chroma_sample_location = AVCHROMA_LOC_CENTER
    }
}
