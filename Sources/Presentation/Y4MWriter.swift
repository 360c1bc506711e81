import Glibc
public import Media

/// Writes pictures as YUV4MPEG2 to a file descriptor, such as standard output into `ffplay -`.
///
/// The stream has a fixed rate, so a picture that follows a gap is preceded by the last one, repeated.
/// Chroma is that of ``VideoFrame``: centred on each 2×2 block, which the format calls `C420jpeg`
/// whatever the range; the range, limited, is said apart.
///
/// ``show(_:)`` waits while the reader does not read. Makes the process ignore SIGPIPE.
public final class Y4MWriter: PictureSink {
    /// Whether the reader at the other end of the pipe has gone.
    public private(set) var isClosed = false

    private let descriptor: Int32
    private let size: PictureSize
    private var numbers: PictureNumbers
    private var last: VideoFrame?
    private var written = 0

    /// The longest gap that is filled with repeated pictures; a longer one is skipped.
    private static let longestGap = 250

    /// Begins a stream; the header goes out with the first picture.
    ///
    /// - Parameters:
    ///   - descriptor: where to, standard output by default; it stays the caller's to close.
    ///   - size: the size of every picture.
    ///   - rate: the rate that the stream states.
    public init(
        fileDescriptor descriptor: Int32 = 1, size: PictureSize = .standard,
        rate: PictureRate = .standard
    ) {
        // Writing to a closed pipe is to be an error of the write and not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        self.descriptor = descriptor
        self.size = size
        numbers = PictureNumbers(rate: rate)
        header =
            "YUV4MPEG2 W\(size.width) H\(size.height) F\(rate.picturesPerSecond):1 Ip A1:1 "
            + "C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED\n"
    }

    private let header: String

    /// Writes a picture, after as many repetitions of the last one as are missing before it.
    ///
    /// - Throws: ``PresentationError/wrongSize(expected:found:)``, or
    ///   ``PresentationError/writeFailed(path:reason:)``, for example on a full disk.
    public func show(_ frame: VideoFrame) throws(PresentationError) {
        guard !isClosed else { return }
        guard frame.size == size else { throw .wrongSize(expected: size, found: frame.size) }
        let missing = numbers.number(at: frame.time) - written
        if let last {
            if missing <= Self.longestGap { for _ in 0..<max(0, missing) { try write(last) } }
            written += max(0, missing)
        } else {
            try write(Array(header.utf8))
        }
        try write(frame)
        written += 1
        last = frame
    }

    /// Does nothing more: every picture was handed to the system when it was shown.
    public func finish() {}

    private func write(_ frame: VideoFrame) throws(PresentationError) {
        try write(Array("FRAME\n".utf8) + frame.y + frame.u + frame.v)
    }

    private func write(_ bytes: [UInt8]) throws(PresentationError) {
        var done = 0
        while done < bytes.count, !isClosed {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress.map { unsafe $0 + done },
                    bytes.count - done)
            }
            if count >= 0 {
                done += count
            } else if errno == EPIPE {
                isClosed = true
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&ready, 1, 100)
            } else if errno != EINTR {
                throw .writeFailed(
                    path: "the output", reason: unsafe String(cString: strerror(errno)))
            }
        }
    }
}
