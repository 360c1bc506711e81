import CFFmpeg
import Media

/// The sound of an open input, resampled, on the call's time line.
final class SoundTrack {
    private let demuxer: Demuxer
    private let decoder: SoundDecoder
    private var resampler: Resampler?
    private var timeline = SoundTimeline()
    private var hasEnded = false
    /// The input's time, in microseconds, at which the call begins; the first sound's where nil.
    private var origin: Int64?

    /// Opens the decoder; nothing is read yet.
    init?(_ demuxer: Demuxer, of input: VideoInput) throws(CaptureError) {
        guard let track = demuxer.sound else { return nil }
        self.demuxer = demuxer
        decoder = try SoundDecoder(track, of: input)
    }

    /// The sound from where the last call ended up to a sample, or to the end of the input.
    ///
    /// - Parameter origin: the input's time, in microseconds, that is the call's zero; the first call
    ///   decides.
    func read(until end: Int, origin: Int64?) throws(CaptureError) -> AudioFrame? {
        if self.origin == nil { self.origin = origin }
        while timeline.end < end, !hasEnded { try decode() }
        return timeline.take(until: end)
    }

    /// The next sound as it comes; nil at the end.
    func next() throws(CaptureError) -> AudioFrame? {
        while true {
            if let frame = timeline.take(until: timeline.end) { return frame }
            if hasEnded { return nil }
            try decode()
        }
    }

    private func decode() throws(CaptureError) {
        guard try decoder.next(from: demuxer) else {
            hasEnded = true
            if let rest = resampler?.flush() { timeline.add(rest, at: nil) }
            return
        }
        if let old = resampler, unsafe !old.fits(decoder.frame) {
            timeline.add(old.flush(), at: nil)
            resampler = nil
        }
        if resampler == nil { unsafe resampler = Resampler(for: decoder.frame) }
        guard let resampler else { return }
        var samples: [Float]
        let delay = resampler.delay
        samples = unsafe resampler.convert(decoder.frame)
        guard let stamp = decoder.stamp else {
            timeline.add(samples, at: nil)
            return
        }
        let origin = self.origin ?? stamp
        self.origin = origin
        let (time, overflow) = stamp.subtractingReportingOverflow(origin)
        // A day is longer than any call; beyond it a stamp is taken for a mistake.
        guard !overflow, abs(time) < 86_400_000_000 else {
            timeline.add(samples, at: nil)
            return
        }
        var place = MediaTime(microseconds: time).sample - delay
        if place < 0, timeline.end == 0 {
            // Heard before the first picture was seen.
            samples.removeFirst(min(samples.count, -place))
            place = 0
        }
        timeline.add(samples, at: place)
    }
}
