/// Pictures a second, a whole number.
public struct PictureRate: Hashable, Sendable {
    /// Pictures in one second.
    public let picturesPerSecond: Int

    /// The rate of a call: 25 pictures a second.
    public static let standard = PictureRate(unchecked: 25)

    /// Makes a rate of 1 to 120 pictures a second, or nothing outside of that.
    public init?(picturesPerSecond: Int) {
        guard (1...120).contains(picturesPerSecond) else { return nil }
        self.picturesPerSecond = picturesPerSecond
    }

    private init(unchecked rate: Int) { picturesPerSecond = rate }

    /// The time from one picture to the next.
    public var interval: Duration { .nanoseconds(1_000_000_000 / Int64(picturesPerSecond)) }

    /// The time of the picture with this number, where picture 0 is at zero.
    public func time(ofPicture number: Int) -> MediaTime {
        MediaTime(microseconds: Int64(number) * 1_000_000 / Int64(picturesPerSecond))
    }
}
