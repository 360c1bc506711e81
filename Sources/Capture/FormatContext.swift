import CFFmpeg

/// The one owner of an FFmpeg demuxer.
@safe final class FormatContext {
    /// The open demuxer, its streams known.
    @unsafe let pointer: UnsafeMutablePointer<AVFormatContext>

    // FFmpeg holds pointers to both.
    private let interruption: Interruption
    private let pipe: PipeSource?

    /// Opens an input.
    ///
    /// - Parameter isSound: whether it is opened for its sound, which only changes what is said when
    ///   that fails.
    init(
        _ input: VideoInput, isSound: Bool = false, interruption: Interruption
    ) throws(CaptureError) {
        self.interruption = interruption
        guard var allocated = unsafe avformat_alloc_context() else {
            throw .unopenable(input, reason: ffmpegReason(cffmpeg_out_of_memory))
        }
        unsafe allocated.pointee.interrupt_callback = AVIOInterruptCB(
            callback: { opaque in
                guard let opaque = unsafe opaque else { return 0 }
                let flag = unsafe Unmanaged<Interruption>.fromOpaque(opaque).takeUnretainedValue()
                return flag.isRequested ? 1 : 0
            }, opaque: Unmanaged.passUnretained(interruption).toOpaque())

        var url: String
        var format: String?
        var pipe: PipeSource?
        switch input.kind {
        case .file(let path, let name):
            // A plain path may hold a colon, which FFmpeg would take for the end of a protocol.
            url = path.contains("://") ? path : "file:" + path
            format = name
        case .descriptor(let descriptor) where VideoInput.isRegularFile(descriptor):
            url = "file:/proc/self/fd/\(descriptor)"
        case .descriptor(let descriptor):
            url = ""
            let source = PipeSource(descriptor: descriptor, interruption: interruption)
            unsafe allocated.pointee.pb = source.context
            pipe = source
        case .device(let name, let device):
            url = name
            format = device
            unsafe allocated.pointee.flags |= AVFMT_FLAG_NONBLOCK
        }
        self.pipe = pipe

        var demuxer: UnsafePointer<AVInputFormat>?
        if let format {
            unsafe demuxer = unsafe av_find_input_format(format)
            if unsafe demuxer == nil {
                unsafe avformat_free_context(allocated)
                throw .unknownFormat(input, format: format)
            }
        }
        var opened: UnsafeMutablePointer<AVFormatContext>? = unsafe allocated
        // Frees the context where it fails.
        let status = unsafe avformat_open_input(&opened, url, demuxer, nil)
        guard status == 0, let context = unsafe opened else {
            if interruption.isRequested { throw .interrupted(input) }
            guard isSound else { throw .unopenable(input, reason: ffmpegReason(status)) }
            let isUnknown = status == cffmpeg_invalid_media
            throw .unopenableSound(
                input,
                reason: isUnknown
                    ? "nothing that FFmpeg's libraries know" : ffmpegReason(status))
        }
        unsafe allocated = unsafe context
        unsafe pointer = unsafe context
        // FFmpeg plays text files as a terminal would, which nobody means.
        if format == nil, unsafe String(cString: context.pointee.iformat.pointee.name) == "tty" {
            throw .unopenable(input, reason: "a text file")
        }
        let known = unsafe avformat_find_stream_info(context, nil)
        if interruption.isRequested { throw .interrupted(input) }
        guard known >= 0 else { throw .unopenable(input, reason: ffmpegReason(known)) }
    }

    deinit {
        var closing: UnsafeMutablePointer<AVFormatContext>? = unsafe pointer
        unsafe avformat_close_input(&closing)
    }

    /// The codec of the first stream of a kind that no decoder is here for.
    func undecodableCodec(of kind: AVMediaType) -> String? {
        for index in 0..<Int(unsafe pointer.pointee.nb_streams) {
            guard let parameters = unsafe pointer.pointee.streams[index]?.pointee.codecpar,
                unsafe parameters.pointee.codec_type == kind,
                unsafe avcodec_find_decoder(parameters.pointee.codec_id) == nil
            else { continue }
            return unsafe String(cString: avcodec_get_name(parameters.pointee.codec_id))
        }
        return nil
    }
}
