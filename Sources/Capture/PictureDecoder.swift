import CFFmpeg
import Media

/// The one owner of an FFmpeg video decoder, and of the picture that it decoded last.
@safe final class PictureDecoder {
    /// The picture that ``next(from:)`` decoded last.
    @unsafe let picture: UnsafeMutablePointer<AVFrame>

    /// How many packets or pictures were given up because they are damaged.
    private(set) var skippedPictures = 0

    private let context: UnsafeMutablePointer<AVCodecContext>
    private let packet: UnsafeMutablePointer<AVPacket>
    private var hasEnded = false

    /// Opens the decoder of a stream.
    init(_ demuxer: Demuxer, of input: VideoInput) throws(CaptureError) {
        guard let track = demuxer.video else { throw .noVideo(input) }
        let (codec, stream) = unsafe (track.codec, track.stream)
        var context = unsafe avcodec_alloc_context3(codec)
        var packet = unsafe av_packet_alloc()
        var picture = unsafe av_frame_alloc()
        guard let openContext = unsafe context, let openPacket = unsafe packet,
            let openPicture = unsafe picture
        else {
            unsafe avcodec_free_context(&context)
            unsafe av_packet_free(&packet)
            unsafe av_frame_free(&picture)
            throw .unopenable(input, reason: ffmpegReason(cffmpeg_out_of_memory))
        }
        unsafe self.context = unsafe openContext
        unsafe self.packet = unsafe openPacket
        unsafe self.picture = unsafe openPicture
        unsafe avcodec_parameters_to_context(openContext, stream.pointee.codecpar)
        // The network needs the cores more, and threads that split pictures would add delay.
        unsafe openContext.pointee.thread_count = 1
        unsafe openContext.pointee.max_pixels =
            Int64(PictureSize.largestSide) * Int64(PictureSize.largestSide)
        unsafe openContext.pointee.pkt_timebase = stream.pointee.time_base
        let status = unsafe avcodec_open2(openContext, codec, nil)
        guard status == 0 else {
            throw .unsupportedCodec(input, codec: unsafe String(cString: codec.pointee.name))
        }
    }

    deinit {
        var (context, packet, picture) = unsafe (
            Optional(self.context), Optional(self.packet), Optional(self.picture)
        )
        unsafe avcodec_free_context(&context)
        unsafe av_packet_free(&packet)
        unsafe av_frame_free(&picture)
    }

    /// Decodes the next picture into ``picture``; false at the end.
    ///
    /// Damaged ones are passed over and counted.
    func next(from demuxer: Demuxer) throws(CaptureError) -> Bool {
        while true {
            let status = unsafe avcodec_receive_frame(context, picture)
            if status == 0 { return true }
            if status == cffmpeg_end_of_file { return false }
            if status != cffmpeg_try_again {
                skippedPictures += 1
                // After the end nothing goes in any more, and what comes out is no better.
                if hasEnded { return false }
            }
            if try unsafe demuxer.readVideo(into: packet) {
                if unsafe avcodec_send_packet(context, packet) < 0 { skippedPictures += 1 }
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
