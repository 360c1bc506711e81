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
    private let decoder: PictureDecoder
    private let converter: PictureConverter
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
    ///   - crop: the square to use; nil for the largest centred part with the shape of `size`.
    ///   - interruption: ends a wait for the input, here and later, when requested.
    /// - Throws: ``CaptureError`` where the input cannot be opened or has no video.
    public init(
        _ input: VideoInput, size: PictureSize = .standard, rate: PictureRate = .standard,
        crop: Crop? = nil, interruption: Interruption = Interruption()
    ) throws(CaptureError) {
        self.input = input
        self.size = size
        self.rate = rate
        demuxer = try Demuxer(input, interruption: interruption)
        decoder = try PictureDecoder(demuxer, of: input)
        duration = input.isLive ? nil : demuxer.duration
        let degrees = unsafe -cffmpeg_rotation(demuxer.stream)
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

    /// Decodes one more picture, and keeps it where its place is still free.
    private func readPicture() throws(CaptureError) {
        guard try decoder.next(from: demuxer) else {
            hasEnded = true
            if shown == nil, !demuxer.isInterrupted { throw .noPictures(input) }
            return
        }
        let stamp = unsafe decoder.picture.pointee.best_effort_timestamp
        let length = unsafe cffmpeg_duration(decoder.picture)
        let base = unsafe demuxer.stream.pointee.time_base
        let place = slots.place(
            stamp: stamp == cffmpeg_no_time ? nil : cffmpeg_microseconds(stamp, base),
            interval: length > 0 ? cffmpeg_microseconds(length, base) : demuxer.nominalInterval)
        if place >= nextNumber { waiting = place }
    }
}
