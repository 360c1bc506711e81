public import Media

/// Writes pictures to a video file through FFmpeg's libraries, the container chosen by its name.
///
/// Sound, where there is some, becomes a second track: Opus in Matroska and WebM, AAC in MP4 and MOV,
/// uncompressed in AVI. Both tracks have their times from the same zero, that of the first picture or sound.
///
/// Matroska, MP4 and MOV get H.264 (libx264, constant quality), WebM gets VP8, and others what the
/// container has by default. Colours are tagged BT.601, limited range. A picture lies at its own time
/// since the first one, to the nearest place at the rate. What was written plays even when the
/// program is killed, where the container (Matroska, WebM, AVI, y4m) allows that.
public final class VideoFileWriter: SoundSink {
    /// Always false: a file has no one to close it.
    public let isClosed = false

    private let size: PictureSize
    private let muxer: Muxer
    private let encoder: PictureEncoder
    private var numbers: PictureNumbers
    private let path: String
    private var sound: SoundEncoder?
    /// The time that is zero in the file.
    private var origin: MediaTime?
    private var isFinished = false

    /// Makes the file, over what is there.
    ///
    /// - Parameters:
    ///   - path: where to; its ending names the container.
    ///   - size: the size of every picture.
    ///   - rate: what picture times are rounded to.
    /// - Throws: ``PresentationError`` for an ending that names no container for video, a missing
    ///   encoder, or a file that cannot be made.
    public init(
        path: String, size: PictureSize = .standard, rate: PictureRate = .standard
    ) throws(PresentationError) {
        self.size = size
        self.path = path
        numbers = PictureNumbers(rate: rate)
        muxer = try Muxer(path: path)
        guard let choice = unsafe EncoderChoice(for: muxer.container) else {
            throw .unknownContainer(path: path)
        }
        encoder = try PictureEncoder(
            choice, size: size, rate: rate, hasGlobalHeader: muxer.wantsGlobalHeader, path: path)
        do {
            try muxer.open()
        } catch {
            // Or the end of this object would write to a file that there is not.
            isFinished = true
            throw error
        }
    }

    deinit { try? finish() }

    public func startSound() throws(PresentationError) {
        guard origin == nil, sound == nil, !isFinished else { return }
        guard let choice = unsafe SoundEncoderChoice(for: muxer.container) else {
            throw .noSound(path: path)
        }
        sound = try SoundEncoder(choice, hasGlobalHeader: muxer.wantsGlobalHeader, path: path)
    }

    /// Writes the beginning of the file, once it is known what will be in it.
    private func begin(at time: MediaTime) throws(PresentationError) {
        guard origin == nil else { return }
        origin = time
        numbers.begin(at: time)
        try muxer.begin(encoder, sound)
    }

    public func play(_ frame: AudioFrame) throws(PresentationError) {
        guard !isFinished, let sound else { return }
        do {
            try begin(at: frame.time)
            let place = frame.firstSample - (origin ?? frame.time).sample
            try unsafe sound.encode(frame.samples, at: place) { packet throws(PresentationError) in
                try unsafe muxer.write(packet, from: sound)
            }
        } catch {
            isFinished = true
            throw error
        }
    }

    /// Encodes a picture and writes what the encoder gives.
    ///
    /// - Throws: ``PresentationError/wrongSize(expected:found:)``, or
    ///   ``PresentationError/writeFailed(path:reason:)``, for example on a full disk.
    public func show(_ frame: VideoFrame) throws(PresentationError) {
        guard !isFinished else { return }
        guard frame.size == size else { throw .wrongSize(expected: size, found: frame.size) }
        do {
            try begin(at: frame.time)
            let number = numbers.number(at: frame.time)
            try unsafe encoder.encode(frame, number: number) { packet throws(PresentationError) in
                try unsafe muxer.write(packet, from: encoder)
            }
        } catch {
            isFinished = true
            throw error
        }
    }

    /// Writes what the encoder still holds and the end of the file; it plays from then on.
    public func finish() throws(PresentationError) {
        guard !isFinished else { return }
        isFinished = true
        try begin(at: .zero)
        if let sound {
            try unsafe sound.flush { packet throws(PresentationError) in
                try unsafe muxer.write(packet, from: sound)
            }
        }
        try unsafe encoder.flush { packet throws(PresentationError) in
            try unsafe muxer.write(packet, from: encoder)
        }
        try muxer.end()
    }
}
