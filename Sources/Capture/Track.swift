import CFFmpeg

/// One stream of an input, and what decodes it.
@safe struct Track {
    /// The stream, owned by the demuxer.
    @unsafe let stream: UnsafeMutablePointer<AVStream>
    /// The decoder that FFmpeg proposes for it.
    @unsafe let codec: UnsafePointer<AVCodec>
    /// Its place in the input.
    let index: Int32

    /// The best stream of a kind that something here decodes; nothing where there is none.
    init?(_ kind: AVMediaType, in context: UnsafeMutablePointer<AVFormatContext>) {
        var found: UnsafePointer<AVCodec>?
        index = unsafe av_find_best_stream(context, kind, -1, -1, &found, 0)
        guard index >= 0, let codec = unsafe found,
            let stream = unsafe context.pointee.streams[Int(index)]
        else { return nil }
        unsafe self.stream = unsafe stream
        unsafe self.codec = unsafe codec
    }
}
