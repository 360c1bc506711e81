import CFFmpeg

extension VideoInput {
    /// The system's microphone: PulseAudio's (PipeWire answers to it, too), then ALSA's.
    ///
    /// Only what FFmpeg's libraries here can open is named; there is always at least one.
    public static var microphones: [VideoInput] {
        avdevice_register_all()
        let names: [String] = ["pulse", "alsa"]
        let known = names.filter { name in unsafe av_find_input_format(name) != nil }
        return (known.isEmpty ? ["alsa"] : known).map { VideoInput("default", format: $0) }
    }
}
