import CFFmpeg
import Media

/// The one owner of a swresample context: any sound to one channel at ``AudioFrame/samplesPerSecond``.
@safe final class Resampler {
    private let context: OpaquePointer
    private let format: Int32
    private let rate: Int32
    private let channels: Int32

    /// Rates that sound has; others are a mistake, or would take any amount of memory.
    private static let rates: ClosedRange<Int32> = 1000...768_000
    /// The longest frame to convert, in samples of the output: ten seconds.
    private static let largestFrame = 10 * AudioFrame.samplesPerSecond

    /// Makes a converter for sound like this frame's, or nothing where there is none.
    init?(for frame: UnsafePointer<AVFrame>) {
        (format, rate, channels) = unsafe (
            frame.pointee.format, frame.pointee.sample_rate, frame.pointee.ch_layout.nb_channels
        )
        guard Self.rates.contains(rate), channels > 0,
            let context = unsafe cffmpeg_resampler(frame, Int32(AudioFrame.samplesPerSecond))
        else { return nil }
        unsafe self.context = unsafe context
    }

    deinit {
        var context: OpaquePointer? = unsafe self.context
        unsafe swr_free(&context)
    }

    /// Whether this converter is the one for a frame.
    func fits(_ frame: UnsafePointer<AVFrame>) -> Bool {
        unsafe (format, rate, channels) == (
            frame.pointee.format, frame.pointee.sample_rate, frame.pointee.ch_layout.nb_channels
        )
    }

    /// How many samples of the output are still inside.
    var delay: Int {
        unsafe Int(max(0, swr_get_delay(context, Int64(AudioFrame.samplesPerSecond))))
    }

    /// Converts a frame.
    func convert(_ frame: UnsafePointer<AVFrame>) -> [Float] {
        let count = Int(unsafe frame.pointee.nb_samples)
        let room = count * AudioFrame.samplesPerSecond / Int(rate) + delay + 64
        guard count > 0, room <= Self.largestFrame else { return [] }
        return unsafe run(frame, room: room)
    }

    /// What is still inside.
    func flush() -> [Float] { unsafe run(nil, room: delay + 64) }

    private func run(_ frame: UnsafePointer<AVFrame>?, room: Int) -> [Float] {
        unsafe [Float](unsafeUninitializedCapacity: room) { output, count in
            let got = unsafe cffmpeg_resample(context, frame, output.baseAddress, Int32(room))
            count = Int(max(0, got))
        }
    }
}
