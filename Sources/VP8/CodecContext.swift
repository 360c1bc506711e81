import CVPX

/// The one owner of a libvpx codec context, encoder or decoder.
@safe struct CodecContext: ~Copyable {
    /// The context; zero, which libvpx takes for "not open", until an init function fills it.
    @unsafe let codec: UnsafeMutablePointer<vpx_codec_ctx_t>

    /// Allocates a context that is not open yet.
    init() {
        unsafe codec = .allocate(capacity: 1)
        unsafe codec.initialize(to: vpx_codec_ctx_t())
    }

    deinit {
        // Fails, harmlessly, for a context that was never opened.
        unsafe vpx_codec_destroy(codec)
        unsafe codec.deallocate()
    }

    /// What libvpx says about the last call that failed.
    var lastWords: String {
        let summary = unsafe vpx_codec_error(codec).map { unsafe String(cString: $0) }
        let detail = unsafe vpx_codec_error_detail(codec).map { unsafe String(cString: $0) }
        return "libvpx: \(summary ?? "unknown error")" + (detail.map { " (\($0))" } ?? "")
    }
}
