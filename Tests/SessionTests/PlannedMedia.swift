import Media
import Session
import Testing

/// What a plan puts into one datagram: a voice, and keypoints of the usual size.
enum PlannedMedia {
    /// The voice and the keypoints of `count` pictures from `place` on.
    static func frames(_ plan: CallPlan, from place: Int, count: Int) throws -> [EncodedFrame] {
        var frames: [EncodedFrame] = []
        var tick = 2 * place
        while tick < 2 * (place + count) {
            // Six ticks are the most that a packet holds: two frames of 60 ms, one of 40 or 20.
            let ticks = min(6, 2 * (place + count) - tick)
            let kind: UInt8 = ticks == 6 ? 3 << 3 | 1 : ticks == 4 ? 2 << 3 | 1 : 2 << 3
            let size = (plan.voiceBitrate ?? 0) * ticks / 50 / 8
            let packet = try #require(
                VoicePacket([kind] + [UInt8](repeating: 7, count: max(3, size - 1))))
            let voice = try #require(CodedVoice(start: VoiceTick(UInt32(tick)), packet: packet))
            frames.append(.voice(voice))
            tick += ticks
        }
        guard plan.pictureStride > 0 else { return frames }
        let sent = plan.sentPicturesPerDatagram
        let unit = try #require(
            CodedKeypoints(
                firstPicture: PictureNumber(UInt32(place)), pictureCount: sent, sourceSet: .zero,
                reference: .source(SourceIdentifier(0)),
                payload: [UInt8](repeating: 5, count: 5 * sent)))
        return frames + [.keypoints(unit)]
    }
}
