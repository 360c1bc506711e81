import CFFmpeg
import Media

/// The one owner of an FFmpeg sound decoder, and of the frame that it decoded last.
@safe final class SoundDecoder {
    /// The frame that ``next(from:)`` decoded last.
    @unsafe let frame: UnsafeMutablePointer<AVFrame>

    private let context: UnsafeMutablePointer<AVCodecContext>
    private let packet: UnsafeMutablePointer<AVPacket>
    private let base: AVRational
    private var hasEnded = false

    /// Opens the decoder of a stream.
    init(_ track: Track, of input: VideoInput) throws(CaptureError) {
        var context = unsafe avcodec_alloc_context3(track.codec)
        var packet = unsafe av_packet_alloc()
        var frame = unsafe av_frame_alloc()
        guard let openContext = unsafe context, let openPacket = unsafe packet,
            let openFrame = unsafe frame
        else {
            unsafe avcodec_free_context(&context)
            unsafe av_packet_free(&packet)
            unsafe av_frame_free(&frame)
            throw .unopenable(input, reason: ffmpegReason(cffmpeg_out_of_memory))
        }
        unsafe self.context = unsafe openContext
        unsafe self.packet = unsafe openPacket
        unsafe self.frame = unsafe openFrame
        base = unsafe track.stream.pointee.time_base
        unsafe avcodec_parameters_to_context(openContext, track.stream.pointee.codecpar)
        unsafe openContext.pointee.thread_count = 1
        unsafe openContext.pointee.pkt_timebase = base
        guard unsafe avcodec_open2(openContext, track.codec, nil) == 0 else {
            let name = unsafe String(cString: track.codec.pointee.name)
            throw .unsupportedCodec(input, codec: name)
        }
    }

    deinit {
        var (context, packet, frame) = unsafe (
            Optional(self.context), Optional(self.packet), Optional(self.frame)
        )
        unsafe avcodec_free_context(&context)
        unsafe av_packet_free(&packet)
        unsafe av_frame_free(&frame)
    }

    /// When the frame begins, in microseconds of the input's time; nil where it does not say.
    var stamp: Int64? {
        let stamp = unsafe frame.pointee.best_effort_timestamp
        return stamp == cffmpeg_no_time ? nil : cffmpeg_microseconds(stamp, base)
    }

    /// Decodes the next frame into ``frame``, damaged packets passed over; false at the end.
    func next(from demuxer: Demuxer) throws(CaptureError) -> Bool {
        while true {
            let status = unsafe avcodec_receive_frame(context, frame)
            if status == 0 { return true }
            if status == cffmpeg_end_of_file || status != cffmpeg_try_again && hasEnded {
                return false
            }
            if try unsafe demuxer.readSound(into: packet) {
                unsafe avcodec_send_packet(context, packet)
                unsafe av_packet_unref(packet)
            } else if hasEnded {
                return false
            } else {
                hasEnded = true
                unsafe avcodec_send_packet(context, nil)
            }
        }
    }
}
