public import Media

/// Coded sound (`Protocol/packets.md`, sections 3.9 and 3.10).
public struct VoiceFrame: Hashable, Sendable {
    /// The low 16 bits of the tick where the sound begins; nothing where that follows from the frame
    /// before, in the same datagram.
    public let start: UInt16?
    /// The sound, at most ``WireConstants/largestVoicePayload`` bytes.
    public let packet: VoicePacket

    /// Makes a frame from values that the caller knows to be in range.
    public init(start: VoiceTick?, packet: VoicePacket) {
        self.start = start.map { UInt16(truncatingIfNeeded: $0.rawValue) }
        self.packet = packet
    }

    /// Where the sound begins, its number found near the tick that is expected next; nothing where
    /// the frame does not say, or no such tick can be.
    public func start(near expected: VoiceTick) -> VoiceTick? {
        start.flatMap {
            let number = LowBits.expand($0, near: UInt64(expected.rawValue))
            return UInt32(exactly: number).map(VoiceTick.init)
        }
    }

    init(
        parsing bytes: Span<UInt8>, at cursor: inout ByteCursor, hasStart: Bool, end: FrameEnd
    ) throws(WireError) {
        start = hasStart ? try cursor.uint16(bytes) : nil
        let payload = try cursor.payload(
            bytes, end: end, largest: WireConstants.largestVoicePayload, .voiceLength)
        guard let packet = VoicePacket(payload) else {
            throw .valueOutOfRange(field: .voicePacket, value: UInt64(payload.first ?? 0))
        }
        self.packet = packet
    }

    func append(to bytes: inout [UInt8], end: FrameEnd) {
        if let start { bytes.append(uint16: start) }
        bytes.append(payload: packet.bytes, end: end)
    }
}
