import CFFmpeg
import Glibc
import Media

/// Opens an input and takes the packets of its best streams out of it.
@safe final class Demuxer {
    /// The video stream that was chosen; nothing where only sound is read.
    let video: Track?
    /// The sound that was chosen; nothing where there is none, or none is wanted.
    let sound: Track?

    private let input: VideoInput
    private let interruption: Interruption
    private let context: FormatContext
    private let videoPackets = PacketQueue()
    private let soundPackets = PacketQueue()

    /// Opens the input and reads as much as is needed to know its streams.
    ///
    /// - Throws: ``CaptureError/noVideo(_:)`` where pictures are wanted and there are none, and where
    ///   only sound is wanted ``CaptureError/noSound(_:)``.
    init(
        _ input: VideoInput, wantsPictures: Bool = true, wantsSound: Bool = false,
        interruption: Interruption
    ) throws(CaptureError) {
        av_log_set_level(AV_LOG_QUIET)
        avdevice_register_all()
        self.input = input
        self.interruption = interruption
        context = try FormatContext(input, isSound: !wantsPictures, interruption: interruption)
        let pointer = unsafe context.pointer
        video = unsafe wantsPictures ? Track(AVMEDIA_TYPE_VIDEO, in: pointer) : nil
        sound = unsafe wantsSound ? Track(AVMEDIA_TYPE_AUDIO, in: pointer) : nil
        if wantsPictures {
            guard let video else {
                throw context.undecodableCodec(of: AVMEDIA_TYPE_VIDEO)
                    .map { .unsupportedCodec(input, codec: $0) } ?? .noVideo(input)
            }
            // A cover picture of a song is no video.
            guard unsafe video.stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0 else {
                throw .noVideo(input)
            }
        } else if sound == nil {
            throw context.undecodableCodec(of: AVMEDIA_TYPE_AUDIO)
                .map { .unsupportedCodec(input, codec: $0) } ?? .noSound(input)
        }
        let chosen = [video?.index, sound?.index].compactMap(\.self)
        for other in 0..<Int(unsafe pointer.pointee.nb_streams)
        where !chosen.contains(Int32(other)) {
            unsafe pointer.pointee.streams[other]?.pointee.discard = AVDISCARD_ALL
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
        guard let video else { return nil }
        let rate = unsafe av_guess_frame_rate(context.pointer, video.stream, nil)
        guard rate.num > 0, rate.den > 0 else { return nil }
        return Int64(rate.den) * 1_000_000 / Int64(rate.num)
    }

    /// Fills `packet` with the next one of the video; false at the end or when interrupted.
    func readVideo(into packet: UnsafeMutablePointer<AVPacket>) throws(CaptureError) -> Bool {
        try unsafe read(video, into: packet)
    }

    /// Fills `packet` with the next one of the sound; false at the end, when interrupted, or where
    /// none comes within as much video as is worth to be kept for it.
    func readSound(into packet: UnsafeMutablePointer<AVPacket>) throws(CaptureError) -> Bool {
        try unsafe read(sound, into: packet)
    }

    private func read(
        _ track: Track?, into packet: UnsafeMutablePointer<AVPacket>
    ) throws(CaptureError) -> Bool {
        guard let track else { return false }
        let isVideo = track.index == video?.index
        let (own, other) = isVideo ? (videoPackets, soundPackets) : (soundPackets, videoPackets)
        if unsafe own.take(into: packet) { return true }
        while isVideo || !other.isFull {
            guard try unsafe readAny(into: packet) else { return false }
            let index = unsafe packet.pointee.stream_index
            if index == track.index { return true }
            let isOther = index == video?.index || index == sound?.index
            if isOther, !other.isFull {
                unsafe other.append(packet)
            } else {
                unsafe av_packet_unref(packet)
            }
        }
        return false
    }

    private func readAny(
        into packet: UnsafeMutablePointer<AVPacket>
    ) throws(CaptureError) -> Bool {
        var failures = 0
        while !interruption.isRequested {
            let status = unsafe av_read_frame(context.pointer, packet)
            switch status {
            case 0: return true
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
