import CFFmpeg
import Glibc
import Media

/// Opens an input and takes the packets of its best video stream out of it.
@safe final class Demuxer {
    /// The video stream that was chosen.
    @unsafe let stream: UnsafeMutablePointer<AVStream>
    /// The decoder that FFmpeg proposes for it.
    @unsafe let codec: UnsafePointer<AVCodec>

    private let input: VideoInput
    private let interruption: Interruption
    private let context: FormatContext

    /// Opens the input and reads as much as is needed to know its streams.
    init(_ input: VideoInput, interruption: Interruption) throws(CaptureError) {
        av_log_set_level(AV_LOG_QUIET)
        avdevice_register_all()
        self.input = input
        self.interruption = interruption
        context = try FormatContext(input, interruption: interruption)
        var found: UnsafePointer<AVCodec>?
        let index = unsafe av_find_best_stream(
            context.pointer, AVMEDIA_TYPE_VIDEO, -1, -1, &found, 0)
        guard index >= 0, let codec = unsafe found,
            let stream = unsafe context.pointer.pointee.streams[Int(index)]
        else {
            throw context.undecodableCodec.map { .unsupportedCodec(input, codec: $0) }
                ?? .noVideo(input)
        }
        // A cover picture of a song is no video.
        guard unsafe stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0 else {
            throw .noVideo(input)
        }
        unsafe self.stream = stream
        unsafe self.codec = codec
        for other in 0..<Int(unsafe context.pointer.pointee.nb_streams) where other != index {
            unsafe context.pointer.pointee.streams[other]?.pointee.discard = AVDISCARD_ALL
        }
    }

    /// Whether the end came because it was asked for.
    var isInterrupted: Bool { interruption.isRequested }

    /// How long the input says it lasts; nil where it does not say, or nonsense.
    var duration: Duration? {
        let microseconds = unsafe context.pointer.pointee.duration
        guard microseconds > 0, microseconds < 1 << 50 else { return nil }
        return .microseconds(microseconds)
    }

    /// How long a picture lasts by the stream's frame rate, in microseconds; nil where unknown.
    var nominalInterval: Int64? {
        let rate = unsafe av_guess_frame_rate(context.pointer, stream, nil)
        guard rate.num > 0, rate.den > 0 else { return nil }
        return Int64(rate.den) * 1_000_000 / Int64(rate.num)
    }

    /// Fills `packet` with the next one of the video stream; false at the end or when interrupted.
    func read(into packet: UnsafeMutablePointer<AVPacket>) throws(CaptureError) -> Bool {
        var failures = 0
        while !interruption.isRequested {
            let status = unsafe av_read_frame(context.pointer, packet)
            switch status {
            case 0:
                if unsafe packet.pointee.stream_index == stream.pointee.index { return true }
                unsafe av_packet_unref(packet)
            case cffmpeg_try_again:
                // A camera, opened so that it never blocks, has no picture yet.
                usleep(2000)
            case cffmpeg_end_of_file, cffmpeg_interrupted:
                return false
            case cffmpeg_invalid_media where failures < 100:
                failures += 1
            case cffmpeg_invalid_media:
                return false
            default:
                throw .readFailed(input, reason: ffmpegReason(status))
            }
        }
        return false
    }
}
