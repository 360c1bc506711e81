import CFFmpeg
import Media

/// The one owner of an FFmpeg sound encoder: one channel at ``AudioFrame/samplesPerSecond``.
@safe final class SoundEncoder {
    /// The open encoder.
    @unsafe let context: UnsafeMutablePointer<AVCodecContext>

    private let frame: UnsafeMutablePointer<AVFrame>
    private let packet: UnsafeMutablePointer<AVPacket>
    private let path: String
    private let frameLength: Int
    private var waiting: [Float] = []
    /// The number of the first sample that waits; nothing before the first sound.
    private var start: Int?

    /// A gap up to this is filled with silence, a longer one left open: a minute.
    private static let longestGap = 60 * AudioFrame.samplesPerSecond

    /// Opens an encoder.
    ///
    /// - Parameter hasGlobalHeader: whether the container wants the codec's parameters at its start.
    init(
        _ choice: SoundEncoderChoice, hasGlobalHeader: Bool, path: String
    ) throws(PresentationError) {
        let name = unsafe String(cString: choice.codec.pointee.name)
        var context = unsafe avcodec_alloc_context3(choice.codec)
        var frame = unsafe av_frame_alloc()
        var packet = unsafe av_packet_alloc()
        guard let encoder = unsafe context, let openFrame = unsafe frame,
            let openPacket = unsafe packet
        else {
            unsafe avcodec_free_context(&context)
            unsafe av_frame_free(&frame)
            unsafe av_packet_free(&packet)
            throw .noEncoder(path: path, codec: name, reason: ffmpegReason(cffmpeg_out_of_memory))
        }
        unsafe self.context = unsafe encoder
        unsafe self.frame = unsafe openFrame
        unsafe self.packet = unsafe openPacket
        self.path = path
        let rate = Int32(AudioFrame.samplesPerSecond)
        unsafe encoder.pointee.sample_rate = rate
        unsafe encoder.pointee.sample_fmt = choice.format
        unsafe cffmpeg_set_mono(encoder)
        unsafe encoder.pointee.time_base = AVRational(num: 1, den: rate)
        unsafe encoder.pointee.bit_rate = SoundEncoderChoice.bitRate
        if hasGlobalHeader { unsafe encoder.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
        var status = unsafe avcodec_open2(encoder, choice.codec, nil)
        // Uncompressed sound has frames of any length.
        let length = unsafe encoder.pointee.frame_size
        frameLength = length > 0 ? Int(length) : VoiceTick.samples
        guard status == 0 else {
            throw .noEncoder(path: path, codec: name, reason: ffmpegReason(status))
        }
        unsafe openFrame.pointee.nb_samples = Int32(frameLength)
        unsafe openFrame.pointee.format = choice.format.rawValue
        unsafe openFrame.pointee.sample_rate = rate
        status = unsafe av_channel_layout_copy(
            &openFrame.pointee.ch_layout, &encoder.pointee.ch_layout)
        if status == 0 { status = unsafe av_frame_get_buffer(openFrame, 0) }
        guard status == 0 else {
            throw .noEncoder(path: path, codec: name, reason: ffmpegReason(status))
        }
    }

    deinit {
        var (context, frame, packet) = unsafe (
            Optional(self.context), Optional(self.frame), Optional(self.packet)
        )
        unsafe avcodec_free_context(&context)
        unsafe av_frame_free(&frame)
        unsafe av_packet_free(&packet)
    }

    /// Encodes sound and hands on the packets that come out.
    ///
    /// - Parameter place: the number of the first sample in the file; what lies before the end of the
    ///   last sound is cut off.
    func encode(
        _ samples: [Float], at place: Int,
        to write: (UnsafeMutablePointer<AVPacket>) throws(PresentationError) -> Void
    ) throws(PresentationError) {
        let start = self.start ?? max(0, place)
        self.start = start
        let gap = place - (start + waiting.count)
        if gap > Self.longestGap {
            try unsafe flushFrame(to: write)
            self.start = place
        } else if gap > 0 {
            waiting += [Float](repeating: 0, count: gap)
        }
        waiting += samples.dropFirst(max(0, -gap))
        while waiting.count >= frameLength { try unsafe encodeFrame(to: write) }
    }

    /// Hands on what the encoder still holds; the last frame is filled up with silence.
    func flush(
        to write: (UnsafeMutablePointer<AVPacket>) throws(PresentationError) -> Void
    ) throws(PresentationError) {
        // What the encoder delays comes out only behind something else.
        if start != nil {
            waiting += [Float](repeating: 0, count: Int(unsafe context.pointee.initial_padding))
        }
        while waiting.count >= frameLength { try unsafe encodeFrame(to: write) }
        try unsafe flushFrame(to: write)
        try unsafe send(nil, to: write)
    }

    private func flushFrame(
        to write: (UnsafeMutablePointer<AVPacket>) throws(PresentationError) -> Void
    ) throws(PresentationError) {
        guard !waiting.isEmpty else { return }
        waiting += [Float](repeating: 0, count: max(0, frameLength - waiting.count))
        try unsafe encodeFrame(to: write)
    }

    private func encodeFrame(
        to write: (UnsafeMutablePointer<AVPacket>) throws(PresentationError) -> Void
    ) throws(PresentationError) {
        let status = unsafe av_frame_make_writable(frame)
        guard status == 0 else { throw .writeFailed(path: path, reason: ffmpegReason(status)) }
        let samples = waiting.prefix(frameLength).map { max(-1, min(1, $0)) }
        let format = unsafe AVSampleFormat(frame.pointee.format)
        guard let room = unsafe frame.pointee.data.0 else { return }
        if format == AV_SAMPLE_FMT_FLT || format == AV_SAMPLE_FMT_FLTP {
            unsafe room.withMemoryRebound(to: Float.self, capacity: frameLength) { room in
                for (index, sample) in samples.enumerated() { unsafe room[index] = sample }
            }
        } else {
            unsafe room.withMemoryRebound(to: Int16.self, capacity: frameLength) { room in
                for (index, sample) in samples.enumerated() {
                    unsafe room[index] = Int16((sample * 32_767).rounded())
                }
            }
        }
        waiting.removeFirst(frameLength)
        let start = self.start ?? 0
        unsafe frame.pointee.pts = Int64(start)
        self.start = start + frameLength
        try unsafe send(frame, to: write)
    }

    private func send(
        _ frame: UnsafeMutablePointer<AVFrame>?,
        to write: (UnsafeMutablePointer<AVPacket>) throws(PresentationError) -> Void
    ) throws(PresentationError) {
        var status = unsafe avcodec_send_frame(context, frame)
        while status == 0 {
            status = unsafe avcodec_receive_packet(context, packet)
            if status == 0 { try unsafe write(packet) }
        }
        guard status == cffmpeg_try_again || status == cffmpeg_end_of_file else {
            throw .writeFailed(path: path, reason: ffmpegReason(status))
        }
    }
}
