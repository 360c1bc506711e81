public import Media

/// Coded sound (`Protocol/packets.md`, sections 3.8 and 3.9).
public struct VoiceFrame: Hashable, Sendable {
    /// Where the sound begins; nothing where that follows from the frame before, in the same datagram.
    public let start: VoiceTick?
    /// The sound, at most ``WireConstants/largestVoicePayload`` bytes.
    public let packet: VoicePacket

    /// Makes a frame from values that the caller knows to be in range.
    public init(start: VoiceTick?, packet: VoicePacket) {
        self.start = start
        self.packet = packet
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor, hasStart: Bool) throws(WireError)
    {
        if hasStart {
            let largest = UInt64(UInt32.max) - UInt64(VoicePacket.largestTickCount)
            let value = try cursor.integer(bytes, in: 0...largest, .voiceStart)
            start = VoiceTick(UInt32(truncatingIfNeeded: value))
        } else {
            start = nil
        }
        let length = try cursor.integer(
            bytes, in: 1...UInt64(WireConstants.largestVoicePayload), .voiceLength)
        let payload = try cursor.take(Int(length), bytes)
        guard let packet = VoicePacket(payload) else {
            throw .valueOutOfRange(field: .voicePacket, value: UInt64(payload.first ?? 0))
        }
        self.packet = packet
    }

    func append(to bytes: inout [UInt8]) {
        if let start { bytes.append(integer: UInt64(start.rawValue)) }
        bytes.append(integer: UInt64(packet.bytes.count))
        bytes += packet.bytes
    }
}
