public import Media

/// What is to be heard next; these follow each other without gaps.
public enum VoicePlay: Hashable, Sendable {
    /// Sound that has arrived.
    case packet(VoicePacket, at: VoiceTick)
    /// Nobody spoke, so nothing was sent.
    case silence(ticks: Int, at: VoiceTick)
    /// Sound that has not arrived in time; `next` is what follows the gap, where it is there.
    case lost(ticks: Int, at: VoiceTick, next: VoicePacket?)

    /// Where it begins.
    public var start: VoiceTick {
        switch self {
        case .packet(_, let start), .silence(_, let start), .lost(_, let start, _): start
        }
    }

    /// How many ticks of 20 ms it lasts.
    public var tickCount: Int {
        switch self {
        case .packet(let packet, _): packet.tickCount
        case .silence(let ticks, _), .lost(let ticks, _, _): ticks
        }
    }
}
