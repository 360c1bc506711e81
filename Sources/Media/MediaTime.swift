/// A place on the time line of the sender's media, counted from the first picture.
public struct MediaTime: Hashable, Comparable, Sendable {
    /// Microseconds since the first picture.
    public let microseconds: Int64

    /// The time of the first picture.
    public static let zero = MediaTime(microseconds: 0)

    /// Makes a time from microseconds since the first picture.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    public static func < (a: MediaTime, b: MediaTime) -> Bool { a.microseconds < b.microseconds }

    /// The time that lies `duration` after this one.
    public func advanced(by duration: Duration) -> MediaTime {
        MediaTime(microseconds: microseconds + duration.wholeMicroseconds)
    }
}
