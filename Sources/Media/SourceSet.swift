/// The sources that pictures are rebuilt from: all of them, and no others.
public struct SourceSet: Hashable, Sendable {
    /// The set's name.
    public let number: SourceSetNumber
    /// The sources, ascending, 1…``largestCount`` different ones.
    public let sources: [SourceIdentifier]

    /// The most sources that a set may hold.
    public static let largestCount = 8

    /// Makes a set, or nothing where there are no sources, too many, or one twice.
    public init?(number: SourceSetNumber, sources: [SourceIdentifier]) {
        guard
            (1...Self.largestCount).contains(sources.count), Set(sources).count == sources.count
        else { return nil }
        self.number = number
        self.sources = sources.sorted()
    }
}
