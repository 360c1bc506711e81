import CFFmpeg
import Glibc

/// A file descriptor as FFmpeg reads it, where waiting for bytes can be interrupted.
///
/// FFmpeg's own `pipe:` sits in `read` until bytes come, which a quiet pipe may never give.
@safe final class PipeSource {
    /// FFmpeg's side; it holds a pointer to this object, which must outlive it.
    private(set) var context: UnsafeMutablePointer<AVIOContext>?

    private let descriptor: Int32
    private let interruption: Interruption

    init(descriptor: Int32, interruption: Interruption) {
        self.descriptor = descriptor
        self.interruption = interruption
        let size = 1 << 15
        unsafe context = avio_alloc_context(
            av_malloc(size)?.assumingMemoryBound(to: UInt8.self), Int32(size), 0,
            Unmanaged.passUnretained(self).toOpaque(),
            { opaque, buffer, count in
                guard let opaque = unsafe opaque, let buffer = unsafe buffer else { return -1 }
                let source = unsafe Unmanaged<PipeSource>.fromOpaque(opaque).takeUnretainedValue()
                return unsafe source.read(into: buffer, count: Int(count))
            }, nil, nil)
    }

    deinit {
        guard let context = unsafe context else { return }
        // FFmpeg may have replaced the buffer since.
        unsafe av_free(context.pointee.buffer)
        unsafe avio_context_free(&self.context)
    }

    /// Waits for bytes; an FFmpeg error number at the end, on a failure or an interruption.
    private func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> Int32 {
        // `poll` passes over negative descriptors, for ever.
        guard descriptor >= 0 else { return cffmpeg_error(EBADF) }
        while !interruption.isRequested {
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // Short enough that Ctrl-C feels immediate.
            guard unsafe poll(&ready, 1, 50) != 0 else { continue }
            let got = unsafe Glibc.read(descriptor, buffer, count)
            if got > 0 { return Int32(got) }
            if got == 0 { return cffmpeg_end_of_file }
            if errno != EINTR && errno != EAGAIN { return cffmpeg_error(errno) }
        }
        return cffmpeg_interrupted
    }
}
