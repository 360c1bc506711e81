/// Names one source image within a call; the sender counts them from zero and uses each number
/// once.
public struct SourceIdentifier: Hashable, Comparable, Sendable {
    /// The number, as on the wire.
    public let rawValue: UInt16

    /// Names the source with this number.
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }

    public static func < (a: SourceIdentifier, b: SourceIdentifier) -> Bool {
        a.rawValue < b.rawValue
    }
}
