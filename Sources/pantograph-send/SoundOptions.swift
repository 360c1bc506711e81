import ArgumentParser
import Capture
import OpusCodec
import Pipeline

/// Options that say what is heard.
struct SoundOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What is heard: 'microphone', a sound or video file, a device (with --sound-format), or 'none'.",
            discussion: "Without it: the sound of the input, where it has any.",
            valueName: "sound"))
    var sound: String?

    @Option(
        help: ArgumentHelp(
            "FFmpeg's name of the sound's format or device, such as alsa or pulse.",
            valueName: "name"))
    var soundFormat: String?

    @Option(
        help: ArgumentHelp(
            "Rate of the voice without headers, 5 to 24 kbit/s: narrowband below some 9, wideband above. Silence costs next to nothing.",
            discussion: "Without it: 6, and from --rate 20 on three eighths of that.",
            valueName: "kbit/s"))
    var voiceRate: Double?

    @Option(
        help: ArgumentHelp(
            "Datagrams that the voice expects to be lost, 0 to 50 percent: above 0 it may carry a coarse copy.",
            discussion:
                "Without it: what the link is found to lose, at the rates where that was measured to help.",
            valueName: "percent"))
    var voiceLoss: Int?

    func validate() throws {
        let rates = VoiceSettings.bitrates
        if let voiceRate,
            !(Double(rates.lowerBound)...Double(rates.upperBound)).contains(voiceRate * 1000)
        {
            throw ValidationError("--voice-rate \(voiceRate): use 5 to 24")
        }
        if let voiceLoss, !(0...50).contains(voiceLoss) {
            throw ValidationError("--voice-loss \(voiceLoss): use 0 to 50")
        }
        if soundFormat != nil, sound == nil || sound == "none" || sound == "microphone" {
            throw ValidationError("--sound-format needs --sound with a device or a file")
        }
    }

    /// Whether the sound of the input is wanted.
    var isInputs: Bool { sound == nil }

    /// The voice's rate in bits a second, where one was named.
    var voiceBitrate: Int? { voiceRate.map { Int(($0 * 1000).rounded()) } }

    /// Opens what was named; nothing where it is none, or the input's own, which the input has.
    ///
    /// - Throws: `CaptureError`.
    func open(_ interruption: Interruption) throws -> CallSound? {
        switch sound {
        case nil, "none": return nil
        case "microphone": return .microphone(Microphone(try microphone(interruption)))
        case let name?:
            let reader = try SoundReader(
                VideoInput(name, format: soundFormat), interruption: interruption)
            return reader.isLive ? .microphone(Microphone(reader)) : .file(SoundFile(reader))
        }
    }

    /// The first of the system's microphones that opens.
    private func microphone(_ interruption: Interruption) throws -> SoundReader {
        let inputs = VideoInput.microphones
        for input in inputs.dropLast() {
            if let reader = try? SoundReader(input, interruption: interruption) { return reader }
        }
        return try SoundReader(
            inputs.last ?? VideoInput("default", format: "alsa"), interruption: interruption)
    }
}
