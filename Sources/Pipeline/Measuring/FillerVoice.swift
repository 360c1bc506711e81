import Media
import Session

/// Packets of a voice that never pauses, for calls whose sound nobody listens to: of the right length in
/// bytes and ticks, with nothing in them.
struct FillerVoice {
    /// How the call uses its rate at present.
    var plan: CallPlan
    private var next = VoiceTick.zero

    /// What Opus made of a voice that never paused, of what it was told to
    /// (`Examples/Measurements/promised-rates`).
    private static let usedShare = 0.88

    init(_ plan: CallPlan) { self.plan = plan }

    /// The sound up to the end of a picture, in packets as long as the plan says.
    mutating func voice(of picture: PictureNumber) -> [CodedVoice] {
        guard let bitrate = plan.voiceBitrate,
            let after = picture.advanced(by: 1),
            let end = VoiceTick(of: after, at: plan.pictureRate)
        else { return [] }
        let ticks = min(plan.ticksPerDatagram, VoicePacket.largestTickCount)
        var voices: [CodedVoice] = []
        while let place = next.advanced(by: ticks), place <= end {
            let bits = Double(bitrate * ticks) / Double(VoiceTick.perSecond)
            let size = Int(bits * Self.usedShare / 8)
            // So many frames of 20 ms (RFC 6716, section 3.1: configuration 1, code 3).
            let head = [11, UInt8(clamping: ticks)]
            let bytes = head + [UInt8](repeating: 0, count: max(0, size - head.count))
            guard let packet = VoicePacket(bytes),
                let voice = CodedVoice(start: next, packet: packet)
            else { break }
            voices.append(voice)
            next = place
        }
        return voices
    }
}
