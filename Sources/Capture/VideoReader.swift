import CFFmpeg
public import Media

/// Takes pictures from a video file, a pipe or a camera, through FFmpeg's libraries, at a fixed size
/// and rate.
///
/// Each source picture is shown from the place nearest to its own time, and held until the next one;
/// no picture is waited for to decide on the one before, so a camera sees no added delay. Colours
/// become BT.601, limited range, whatever they were. Rotation that the file asks for is applied.
///
/// Not thread-safe: one task reads. ``Interruption`` alone may be used from elsewhere.
public final class VideoReader {
    /// What is read from.
    public let input: VideoInput
    /// The size of every picture.
    public let size: PictureSize
    /// The rate that the source is resampled to.
    public let rate: PictureRate
    /// How long the input says it lasts; nil for cameras, pipes and files that do not say.
    public let duration: Duration?
    /// Whether pictures come at their own pace (cameras and pipes), so that nobody else must pace them.
    public var isLive: Bool { input.isLive }
    /// Pictures of the source that were passed over because they are damaged.
    public var skippedPictures: Int { decoder.skippedPictures }

    private let demuxer: Demuxer
    private let track: SoundTrack?
    /// The time stamp of the first picture, in microseconds, where it has one.
    private var origin: Int64?
    private let decoder: PictureDecoder
    private let converter: PictureConverter
    private let base: AVRational
    private var slots: PictureSlots
    private var nextNumber = 0
    /// The place of the decoder's picture, where that is still to be shown.
    private var waiting: Int?
    private var shown: VideoFrame?
    private var hasEnded = false

    /// Opens an input; no picture is decoded yet beyond what FFmpeg needs to know the streams.
    ///
    /// - Parameters:
    ///   - input: what to read.
    ///   - size: what each picture is scaled to.
    ///   - rate: how many pictures a second ``next()`` gives.
    ///   - wantsSound: whether ``sound(until:)`` will be asked for sound, where there is some.
    ///   - crop: the square to use; nil for the largest centred part with the shape of `size`.
    ///   - interruption: ends a wait for the input, here and later, when requested.
    /// - Throws: ``CaptureError`` where the input cannot be opened or has no video.
    public init(
        _ input: VideoInput, size: PictureSize = .standard, rate: PictureRate = .standard,
        wantsSound: Bool = false, crop: Crop? = nil, interruption: Interruption = Interruption()
    ) throws(CaptureError) {
        self.input = input
        self.size = size
        self.rate = rate
        demuxer = try Demuxer(input, wantsSound: wantsSound, interruption: interruption)
        decoder = try PictureDecoder(demuxer, of: input)
        // Sound that cannot be decoded is no reason to have no pictures.
        track = (try? SoundTrack(demuxer, of: input)) ?? nil
        duration = input.isLive ? nil : demuxer.duration
        guard let video = demuxer.video else { throw .noVideo(input) }
        unsafe base = video.stream.pointee.time_base
        let degrees = unsafe -cffmpeg_rotation(video.stream)
        converter = PictureConverter(
            input, size: size, crop: crop, rotation: Rotation(clockwiseDegrees: degrees))
        slots = PictureSlots(rate: rate)
    }

    /// About how many pictures there will be, for a progress line; nil where ``duration`` is.
    public var pictureCountEstimate: Int? {
        duration.map { Int(($0.seconds * Double(rate.picturesPerSecond)).rounded()) }
    }

    /// The next picture; its time is its number over the rate. Nil at the end, and for ever after.
    ///
    /// Waits for as long as the input does; ends early when the interruption is requested.
    /// - Throws: ``CaptureError`` for a crop outside of the picture, an input that fails, or one that
    ///   ends without a single picture.
    public func next() throws(CaptureError) -> VideoFrame? {
        while true {
            if let waiting, waiting <= nextNumber {
                self.waiting = nil
                let time = rate.time(ofPicture: nextNumber)
                let frame = try unsafe converter.convert(decoder.picture, time: time)
                nextNumber += 1
                shown = frame
                return frame
            }
            if var frame = shown, nextNumber < (waiting ?? (hasEnded ? slots.count : 0)) {
                frame.time = rate.time(ofPicture: nextNumber)
                nextNumber += 1
                return frame
            }
            if hasEnded { return nil }
            try readPicture()
        }
    }

    /// Whether the input has sound, and it was asked for.
    public var hasSound: Bool { track != nil }

    /// The sound from where the last call ended up to a time, on the pictures' clock: zero is the first
    /// picture's time stamp.
    ///
    /// To be called after ``next()`` has given the first picture. Where the sound pauses there is
    /// silence; sound of before the first picture is left out. Nil at the end, or without sound, and
    /// less than asked for right before the end.
    /// - Throws: ``CaptureError`` for an input that fails.
    public func sound(until time: MediaTime) throws(CaptureError) -> AudioFrame? {
        try track?.read(until: time.sample, origin: origin)
    }

    /// Decodes one more picture, and keeps it where its place is still free.
    private func readPicture() throws(CaptureError) {
        guard try decoder.next(from: demuxer) else {
            hasEnded = true
            if shown == nil, !demuxer.isInterrupted { throw .noPictures(input) }
            return
        }
        let stamp = unsafe decoder.picture.pointee.best_effort_timestamp
        let length = unsafe cffmpeg_duration(decoder.picture)
        let time = stamp == cffmpeg_no_time ? nil : cffmpeg_microseconds(stamp, base)
        if origin == nil, nextNumber == 0, waiting == nil { origin = time }
        let place = slots.place(
            stamp: time,
            interval: length > 0 ? cffmpeg_microseconds(length, base) : demuxer.nominalInterval)
        if place >= nextNumber { waiting = place }
    }
}
