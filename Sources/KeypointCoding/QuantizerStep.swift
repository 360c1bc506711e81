/// How finely keypoints are sent: 0 (finest) … 15, four steps to a doubling.
///
/// A step is a change of the picture by 0.014 × 2^(index / 4) roots of LPIPS, whichever keypoints
/// bring it about (`Protocol/keypoints.md`, section 3).
public struct QuantizerStep: Hashable, Comparable, Sendable {
    /// The step's number, 0…15.
    public let index: Int

    /// What a unit of three pictures spends some 1.1 kbit/s with.
    public static let standard = QuantizerStep(unchecked: 6)
    /// All steps, the finest first.
    public static let all = (0..<sizes.count).map { QuantizerStep(unchecked: $0) }

    /// In 1/65536 of the metric: round(65536 × 0.014 × 2^(index / 4)).
    private static let sizes = [
        918, 1091, 1298, 1543, 1835, 2182, 2595, 3086, 3670, 4364, 5190, 6172, 7340, 8729, 10380,
        12344,
    ]

    /// The step with this number, or nothing where it is not 0…15.
    public init?(index: Int) {
        guard Self.sizes.indices.contains(index) else { return nil }
        self.index = index
    }

    private init(unchecked index: Int) { self.index = index }

    public static func < (a: QuantizerStep, b: QuantizerStep) -> Bool { a.index < b.index }

    /// In 1/65536 of the metric.
    var size: Int { Self.sizes[index] }

    /// Bits of a step's number in a unit.
    static let bitCount = 4
}
