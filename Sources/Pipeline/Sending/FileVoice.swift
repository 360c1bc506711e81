import Media
import OpusCodec

/// Codes the sound of a file, as far as each picture needs it.
final class FileVoice {
    private let source: any SoundSource
    /// What codes it.
    let coder: VoiceStreamEncoder
    private let rate: PictureRate
    private var end = VoiceTick.zero
    private var hasEnded = false
    /// The number after the last sample that was read.
    private var read = 0

    /// A fifth of a second.
    private static let silentSamples = AudioFrame.samplesPerSecond / 5

    init(_ source: any SoundSource, coder: VoiceStreamEncoder, rate: PictureRate) {
        self.source = source
        self.coder = coder
        self.rate = rate
    }

    /// The sound up to the end of a picture that was not given out yet; silence after the file's end.
    func voice(of picture: PictureNumber) throws -> [CodedVoice] {
        guard let needed = picture.advanced(by: 1).flatMap({ VoiceTick(of: $0, at: rate) }) else {
            return []
        }
        var voices: [CodedVoice] = []
        if !hasEnded {
            let last = Int(needed.rawValue) * VoiceTick.samples + coder.lookahead
            if let frame = try source.sound(until: MediaTime(sample: last)) {
                voices = try coder.encode(frame)
                read = max(read, frame.endSample)
            } else {
                hasEnded = true
                // A decoder that heard no silence would go on with what it heard last.
                let silence = [Float](repeating: 0, count: Self.silentSamples)
                voices = try coder.encode(
                    AudioFrame(time: MediaTime(sample: read), samples: silence))
                voices += try coder.finish()
            }
            end = voices.last?.end ?? end
        }
        if hasEnded, let silence = CodedVoice(silentFrom: end, ticks: needed.distance(from: end)) {
            end = silence.end
            voices.append(silence)
        }
        return voices
    }

    /// What was read and belongs to no whole datagram.
    func finish() throws -> [CodedVoice] { hasEnded ? [] : try coder.finish() }
}
