import Media
import OpusCodec
import Presentation
import Session

/// Decodes the sound that arrives and hands it to where the pictures go.
final class ReceivedSound {
    private let decoder: VoiceStreamDecoder
    private let sink: (any SoundSink)?
    private let limit: Duration?
    /// The first sample that is not wanted any more; nothing before the first sound, or without a limit.
    private var end: Int?

    /// Makes the sink ready for sound; where it has no place for any, `notice` is told.
    ///
    /// - Parameter limit: how much is wanted.
    /// - Throws: `OpusError` without libopus, `PresentationError` for a sink that fails altogether.
    init(
        to sink: any PictureSink, limit: Duration?, _ notice: (String) -> Void
    ) throws {
        decoder = try VoiceStreamDecoder()
        self.limit = limit
        guard let sink = sink as? any SoundSink else {
            self.sink = nil
            notice("the call has sound, which this output has no place for")
            return
        }
        do {
            try sink.startSound()
            self.sink = sink
        } catch {
            switch error {
            case .noSound, .noSpeaker:
                notice("the call goes on without its sound: \(error)")
                self.sink = nil
            default: throw error
            }
        }
    }

    /// Plays what is next.
    func play(_ play: VoicePlay) throws(PresentationError) {
        guard let sink else { return }
        var frame =
            switch play {
            case .packet(let packet, let start): decoder.decode(packet, at: start)
            case .silence(let ticks, let start): decoder.silence(ticks: ticks, at: start)
            case .lost(let ticks, let start, let next):
                decoder.conceal(ticks: ticks, at: start, before: next)
            }
        if let limit {
            let end = self.end ?? frame.firstSample + MediaTime.zero.advanced(by: limit).sample
            self.end = end
            frame.samples = Array(frame.samples.prefix(max(0, end - frame.firstSample)))
            if frame.samples.isEmpty { return }
        }
        try sink.play(frame)
    }
}
