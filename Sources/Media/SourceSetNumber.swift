/// Names one source set among the latest ones of a call; the sender counts them from zero, modulo 256.
public struct SourceSetNumber: Hashable, Sendable {
    /// The number, as on the wire.
    public let rawValue: UInt8

    /// The first set of a call.
    public static let zero = SourceSetNumber(0)

    /// Names the set with this number.
    public init(_ rawValue: UInt8) { self.rawValue = rawValue }

    /// The number of the next set: after 255 comes 0.
    public var next: SourceSetNumber { SourceSetNumber(rawValue &+ 1) }

    /// Whether this set was made after another one, at most 127 sets before.
    public func isNewer(than other: SourceSetNumber) -> Bool {
        (1..<128).contains(rawValue &- other.rawValue)
    }
}
