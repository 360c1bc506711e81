public import Media

/// Takes sound from a microphone, or from a file apart from its pictures, through FFmpeg's libraries,
/// as one channel at ``AudioFrame/samplesPerSecond``.
///
/// Not thread-safe: one task reads. ``Interruption`` alone may be used from elsewhere.
public final class SoundReader {
    /// What is read from.
    public let input: VideoInput
    /// Whether sound comes at its own pace: from a microphone or a pipe.
    public var isLive: Bool { input.isLive }

    private let track: SoundTrack

    /// Opens an input.
    ///
    /// - Parameters:
    ///   - input: what to read.
    ///   - interruption: ends a wait for the input, here and later, when requested.
    /// - Throws: ``CaptureError`` where the input cannot be opened or has no sound.
    public init(
        _ input: VideoInput, interruption: Interruption = Interruption()
    ) throws(CaptureError) {
        self.input = input
        let demuxer = try Demuxer(
            input, wantsPictures: false, wantsSound: true, interruption: interruption)
        guard let track = try SoundTrack(demuxer, of: input) else { throw .noSound(input) }
        self.track = track
    }

    /// The sound from where the last call ended up to a time, where zero is the input's first sound;
    /// nil at the end, and less than asked for right before it.
    public func sound(until time: MediaTime) throws(CaptureError) -> AudioFrame? {
        try track.read(until: time.sample, origin: nil)
    }

    /// The next piece of sound, as long as the input gives them; nil at the end. Waits for it.
    public func next() throws(CaptureError) -> AudioFrame? { try track.next() }
}
