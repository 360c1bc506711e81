import CFFmpeg
import Media

/// The one owner of an FFmpeg muxer with one video stream and, where wanted, one of sound.
@safe final class Muxer {
    /// The kind of container.
    @unsafe let container: UnsafePointer<AVOutputFormat>

    private let context: UnsafeMutablePointer<AVFormatContext>
    private let path: String
    private var hasHeader = false

    /// Chooses a container by the file name, without touching the file.
    init(path: String) throws(PresentationError) {
        av_log_set_level(AV_LOG_QUIET)
        var context: UnsafeMutablePointer<AVFormatContext>?
        unsafe avformat_alloc_output_context2(&context, nil, nil, path)
        guard let context = unsafe context else { throw .unknownContainer(path: path) }
        // A single picture, or many with numbers in their names, is no video file.
        guard let container = unsafe context.pointee.oformat,
            unsafe String(cString: container.pointee.name) != "image2"
        else {
            unsafe avformat_free_context(context)
            throw .unknownContainer(path: path)
        }
        unsafe self.context = unsafe context
        unsafe self.container = unsafe container
        self.path = path
        // Each packet goes to the file at once, so that a full disk is noticed and a kill loses little.
        unsafe context.pointee.flags |= AVFMT_FLAG_FLUSH_PACKETS
    }

    deinit {
        unsafe avio_closep(&context.pointee.pb)
        unsafe avformat_free_context(context)
    }

    /// Whether the container wants the codec's parameters at its start.
    var wantsGlobalHeader: Bool {
        unsafe container.pointee.flags & AVFMT_GLOBALHEADER != 0
    }

    /// Makes the file, still empty.
    func open() throws(PresentationError) {
        guard unsafe container.pointee.flags & AVFMT_NOFILE == 0 else {
            throw .unknownContainer(path: path)
        }
        // A plain path may hold a colon, which FFmpeg would take for the end of a protocol.
        let status = unsafe avio_open(
            &context.pointee.pb, path.contains("://") ? path : "file:" + path, AVIO_FLAG_WRITE)
        guard status >= 0 else { throw .unwritable(path: path, reason: ffmpegReason(status)) }
    }

    /// Writes the beginning: stream 0 is the pictures, stream 1 the sound, if any.
    func begin(_ pictures: PictureEncoder, _ sound: SoundEncoder?) throws(PresentationError) {
        try unsafe addStream(pictures.context)
        if let sound { try unsafe addStream(sound.context) }
        var options: OpaquePointer?
        defer { unsafe av_dict_free(&options) }
        // Matroska keeps a cluster in memory until it is full: a second of pictures, at most.
        unsafe av_dict_set(&options, "cluster_time_limit", "1000", 0)
        let status = unsafe avformat_write_header(context, &options)
        guard status >= 0 else { throw .unwritable(path: path, reason: ffmpegReason(status)) }
        hasHeader = true
        try check(0)
    }

    private func addStream(
        _ encoder: UnsafeMutablePointer<AVCodecContext>
    ) throws(PresentationError) {
        guard let stream = unsafe avformat_new_stream(context, nil) else {
            throw .unwritable(path: path, reason: ffmpegReason(cffmpeg_out_of_memory))
        }
        unsafe avcodec_parameters_from_context(stream.pointee.codecpar, encoder)
        unsafe stream.pointee.time_base = encoder.pointee.time_base
        unsafe stream.pointee.avg_frame_rate = encoder.pointee.framerate
    }

    /// Writes a packet of the picture encoder, whose contents are taken.
    func write(
        _ packet: UnsafeMutablePointer<AVPacket>, from encoder: PictureEncoder
    ) throws(PresentationError) {
        // One picture long; some containers guess otherwise.
        unsafe packet.pointee.duration = 1
        try unsafe write(packet, base: encoder.context.pointee.time_base, stream: 0)
    }

    /// Writes a packet of the sound encoder, whose contents are taken.
    func write(
        _ packet: UnsafeMutablePointer<AVPacket>, from encoder: SoundEncoder
    ) throws(PresentationError) {
        try unsafe write(packet, base: encoder.context.pointee.time_base, stream: 1)
    }

    private func write(
        _ packet: UnsafeMutablePointer<AVPacket>, base: AVRational, stream index: Int32
    ) throws(PresentationError) {
        guard let stream = unsafe context.pointee.streams[Int(index)] else { return }
        unsafe av_packet_rescale_ts(packet, base, stream.pointee.time_base)
        unsafe packet.pointee.stream_index = index
        try check(unsafe av_interleaved_write_frame(context, packet))
    }

    /// Writes the end of the file and closes it.
    func end() throws(PresentationError) {
        guard hasHeader else { return }
        hasHeader = false
        let written = unsafe av_write_trailer(context)
        let closed = unsafe avio_closep(&context.pointee.pb)
        for status in [written, closed] where status < 0 {
            throw .writeFailed(path: path, reason: ffmpegReason(status))
        }
    }

    /// Closes the file as it is, after a failure.
    func abandon() {
        guard hasHeader else { return }
        hasHeader = false
        // Frees what the muxer holds; that it cannot be written is known.
        unsafe av_write_trailer(context)
        unsafe avio_closep(&context.pointee.pb)
    }

    private func check(_ status: Int32) throws(PresentationError) {
        // The file's own error shows late in a status, since writing is buffered.
        let late = unsafe context.pointee.pb?.pointee.error ?? 0
        for status in [status, late] where status < 0 {
            abandon()
            throw .writeFailed(path: path, reason: ffmpegReason(status))
        }
    }
}
