import CFFmpeg

/// What one of FFmpeg's error numbers means, in the library's words.
func ffmpegReason(_ error: Int32) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
        guard let start = buffer.baseAddress, unsafe av_strerror(error, start, 128) == 0 else {
            return "error \(error)"
        }
        return unsafe String(cString: start)
    }
}
