/// Coded sound of some ticks, decodable without any other datagram but for Opus's own memory.
public struct CodedVoice: Hashable, Sendable {
    /// Where it begins.
    public let start: VoiceTick
    /// The sound, or nothing for silence that is not sent.
    public let packet: VoicePacket?
    /// How many ticks it lasts, at least one.
    public let tickCount: Int

    /// Makes coded sound, or nothing where its last tick has no number.
    public init?(start: VoiceTick, packet: VoicePacket) {
        self.init(start: start, packet: packet, tickCount: packet.tickCount)
    }

    /// Makes silence, or nothing where `ticks` is not positive or the last one has no number.
    public init?(silentFrom start: VoiceTick, ticks: Int) {
        self.init(start: start, packet: nil, tickCount: ticks)
    }

    private init?(start: VoiceTick, packet: VoicePacket?, tickCount: Int) {
        guard tickCount > 0, start.advanced(by: tickCount) != nil else { return nil }
        self.start = start
        self.packet = packet
        self.tickCount = tickCount
    }

    /// The tick after the last one.
    public var end: VoiceTick { start.advanced(by: tickCount) ?? VoiceTick(.max) }
}
