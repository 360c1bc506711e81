/// How sound is coded.
public struct VoiceSettings: Hashable, Sendable {
    /// How long a frame lasts: longer ones cost fewer headers, and more when one is lost.
    public enum FrameDuration: Int, Hashable, Sendable, CaseIterable {
        case milliseconds20 = 1
        case milliseconds40 = 2
        case milliseconds60 = 3

        /// Ticks of 20 ms.
        public var ticks: Int { rawValue }

        /// The longest frames that fill a datagram of so many ticks exactly.
        public init(filling ticks: Int) {
            self =
                [.milliseconds60, .milliseconds40].first { ticks.isMultiple(of: $0.ticks) }
                ?? .milliseconds20
        }
    }

    /// Bits a second, without any header, ``bitrates``.
    ///
    /// libopus chooses the bandwidth by it: up to 4 kHz (narrowband) below some 9 kbit/s, up to
    /// 8 kHz (wideband) from there on.
    public var bitrate: Int
    /// How long a frame lasts.
    public var frameDuration: FrameDuration
    /// Whether silence costs nothing but a frame now and then (RFC 6716, section 2.1.9).
    public var leavesSilenceOut = true
    /// The share of datagrams that is expected to be lost, percent; above 0 each frame may carry a
    /// coarse copy of the one before (in-band FEC, RFC 6716, section 2.1.7).
    public var expectedLoss = 0
    /// 0 (fastest) to 10 (best); 10 takes some 1 % of a core.
    public var complexity = 10

    /// What to tell libopus of a loss that was found, percent, at a voice's rate in bits a second: nothing but where
    /// that was found to help (`Examples/Measurements/voice-loss`).
    ///
    /// Told of loss, libopus stays with narrowband at some 9 kbit/s, which bears it better; at other rates it gives a
    /// voice less, for copies of itself or nothing. In steps of 5, since settings that hardly change gain nothing.
    ///
    /// - Parameter share: of datagrams that are lost, 0…1.
    public static func toldLoss(_ share: Double, bitrate: Int) -> Int {
        guard share.isFinite, share > 0, tellingRates.contains(bitrate) else { return 0 }
        return min(50, max(5, Int((share * 20).rounded()) * 5))
    }

    /// Where telling helps: 9000 was measured, and 7500 and 10,000, where it does not.
    private static let tellingRates = 8750..<9500

    /// The rates that suit a voice.
    public static let bitrates = 5000...24_000

    /// Settings with the defaults but for what has none; the bitrate is brought into ``bitrates``.
    public init(bitrate: Int, frameDuration: FrameDuration) {
        self.bitrate = min(max(bitrate, Self.bitrates.lowerBound), Self.bitrates.upperBound)
        self.frameDuration = frameDuration
    }
}
