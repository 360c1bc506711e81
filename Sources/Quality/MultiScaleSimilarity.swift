import Glibc
public import Media

/// Structural similarity over five scales (MS-SSIM) of the luma of two pictures: 1 for equal ones.
///
/// Wang, Simoncelli, Bovik, *Multi-Scale Structural Similarity for Image Quality Assessment*,
/// Asilomar 2003: contrast and structure at five scales, luminance at the coarsest, each to its
/// power; between scales the mean of 2×2 pixels. Window and constants as ``StructuralSimilarity``.
/// A negative factor counts as 0. The same as `ms_ssim` of the package pytorch-msssim.
public struct MultiScaleSimilarity: Hashable, Sendable {
    /// The similarity, 0…1.
    public let value: Double

    /// The scales' powers, finest first (section 4 of the paper).
    private static let powers = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
    /// The smallest side for which the window fits at the coarsest scale.
    public static let smallestSide = 176

    /// Compares the luma of two pictures of at least 176 pixels a side.
    ///
    /// - Throws: ``QualityError/sizesDiffer``,
    ///   ``QualityError/tooSmall(width:height:smallestSide:)``.
    public init(_ a: VideoFrame, _ b: VideoFrame) throws(QualityError) {
        guard a.size == b.size else { throw .sizesDiffer }
        guard min(a.size.width, a.size.height) >= Self.smallestSide else {
            throw .tooSmall(
                width: a.size.width, height: a.size.height, smallestSide: Self.smallestSide)
        }
        var first = Plane(luma: a)
        var second = Plane(luma: b)
        var product = 1.0
        for (scale, power) in Self.powers.enumerated() {
            let (similarity, structure) = StructuralSimilarity.means(first, second)
            let isCoarsest = scale == Self.powers.count - 1
            product *= pow(max(0, isCoarsest ? similarity : structure), power)
            guard !isCoarsest else { break }
            first = first.halved
            second = second.halved
        }
        value = product
    }
}
