/// What the pictures of a unit are predicted from; each kind has its own expectations.
public enum ReferenceKind: Hashable, Sendable {
    /// The mean picture of the tables: for the keypoints of a source, which has nothing before it.
    case mean
    /// The keypoints of a source.
    case source
    /// A picture that lies `distance` pictures before the unit's first, 1 or more.
    case picture(distance: Int)

    /// How many classes there are.
    static let classCount = 6

    /// The class of expectations, 0..<``classCount`` (`Protocol/keypoints.md`, section 2).
    var number: Int {
        switch self {
        case .mean: 0
        case .source: 1
        case .picture(..<3): 2
        case .picture(..<6): 3
        case .picture(..<12): 4
        case .picture: 5
        }
    }
}
