/// Counts a call's sound in steps of 20 ms from the first picture.
///
/// Opus frames of 20, 40 and 60 ms begin and end at ticks, and so do pictures at 25 a second.
public struct VoiceTick: Hashable, Comparable, Sendable {
    /// The number, as on the wire.
    public let rawValue: UInt32

    /// The first tick.
    public static let zero = VoiceTick(0)

    /// Ticks in a second.
    public static let perSecond = 50

    /// Samples in a tick.
    public static let samples = AudioFrame.samplesPerSecond / perSecond

    /// Names the tick with this number.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// The last tick that has begun when a picture is taken, or nothing past the largest number.
    public init?(of picture: PictureNumber, at rate: PictureRate) {
        let number = Int(picture.rawValue) * Self.perSecond / rate.picturesPerSecond
        guard let rawValue = UInt32(exactly: number) else { return nil }
        self.init(rawValue)
    }

    /// The tick that lies `distance` ticks later, or nothing past the largest number.
    public func advanced(by distance: Int) -> VoiceTick? {
        UInt32(exactly: Int(rawValue) + distance).map(VoiceTick.init)
    }

    /// How many ticks later than `other` this one is; negative where it is earlier.
    public func distance(from other: VoiceTick) -> Int { Int(rawValue) - Int(other.rawValue) }

    /// When the tick begins.
    public var time: MediaTime { MediaTime(microseconds: Int64(rawValue) * 20_000) }

    public static func < (a: VoiceTick, b: VoiceTick) -> Bool { a.rawValue < b.rawValue }
}
