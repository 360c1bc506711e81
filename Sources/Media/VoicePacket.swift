/// An Opus packet (RFC 6716, section 3) that lasts a whole number of ticks of 20 ms, at most six.
///
/// How long it lasts is read from its first one or two bytes; the others may still be anything.
public struct VoicePacket: Hashable, Sendable {
    /// The bytes.
    public let bytes: [UInt8]
    /// How many ticks of 20 ms it lasts, 1…``largestTickCount``.
    public let tickCount: Int

    /// Opus's longest packet, 120 ms, in ticks.
    public static let largestTickCount = 6

    /// Takes the bytes of a packet, or nothing where they do not begin like one or it lasts no whole
    /// number of ticks.
    public init?(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return nil }
        let frameCount: Int
        // Section 3.2: one frame, two, two, or as many as the second byte says.
        switch first & 3 {
        case 0: frameCount = 1
        case 1, 2: frameCount = 2
        default:
            guard bytes.count > 1 else { return nil }
            frameCount = Int(bytes[1] & 0x3F)
        }
        let duration = frameCount * Self.frameDuration(configuration: first >> 3)
        let (ticks, rest) = duration.quotientAndRemainder(dividingBy: 200)
        guard rest == 0, (1...Self.largestTickCount).contains(ticks) else { return nil }
        self.bytes = bytes
        tickCount = ticks
    }

    /// How long a frame lasts, in tenths of milliseconds (section 3.1, table 2).
    private static func frameDuration(configuration: UInt8) -> Int {
        let place = Int(configuration & 3)
        return switch configuration {
        case 0..<12: [100, 200, 400, 600][place]
        case 12..<16: [100, 200][place & 1]
        default: [25, 50, 100, 200][place]
        }
    }
}
