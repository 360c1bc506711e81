/// Counts the pictures of a call from zero, at the call's picture rate.
public struct PictureNumber: Hashable, Comparable, Sendable {
    /// The number, as on the wire.
    public let rawValue: UInt32

    /// The first picture.
    public static let zero = PictureNumber(0)

    /// Names the picture with this number.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// The number that lies `distance` pictures later, or nothing past the largest number.
    public func advanced(by distance: Int) -> PictureNumber? {
        UInt32(exactly: Int(rawValue) + distance).map(PictureNumber.init)
    }

    /// How many pictures later than `other` this one is; negative where it is earlier.
    public func distance(from other: PictureNumber) -> Int { Int(rawValue) - Int(other.rawValue) }

    public static func < (a: PictureNumber, b: PictureNumber) -> Bool { a.rawValue < b.rawValue }
}
