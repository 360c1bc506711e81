import Glibc
public import Media

/// Structural similarity (SSIM) of two pictures: 1 for equal ones.
///
/// Wang, Bovik, Sheikh, Simoncelli, *Image Quality Assessment: From Error Visibility to Structural
/// Similarity*, IEEE TIP 2004: Gaussian window of 11×11 with σ = 1.5, K₁ = 0.01, K₂ = 0.03, range
/// 255; the mean over all places where the window lies inside, and over the channels. The same as
/// scikit-image's `structural_similarity` with `gaussian_weights=True`,
/// `use_sample_covariance=False`.
public struct StructuralSimilarity: Hashable, Sendable {
    /// The similarity, −1…1.
    public let value: Double

    /// Width and height of the window.
    private static let side = 11

    /// Compares two pictures of at least 11 pixels a side.
    ///
    /// - Throws: ``QualityError/sizesDiffer``,
    ///   ``QualityError/tooSmall(width:height:smallestSide:)``.
    public init(_ a: RGBImage, _ b: RGBImage) throws(QualityError) {
        guard a.width == b.width, a.height == b.height else { throw .sizesDiffer }
        guard min(a.width, a.height) >= Self.side else {
            throw .tooSmall(width: a.width, height: a.height, smallestSide: Self.side)
        }
        var sum = 0.0
        for channel in 0..<3 {
            let first = Plane(a, channel: channel)
            let second = Plane(b, channel: channel)
            sum += Self.means(first, second).similarity
        }
        value = sum / 3
    }

    /// The means over all places of the similarity, and of its part without the luminance
    /// (contrast and structure).
    static func means(_ a: Plane, _ b: Plane) -> (similarity: Double, structure: Double) {
        let window = gaussian()
        let meanA = a.filtered(window)
        let meanB = b.filtered(window)
        let squareA = a.multiplied(by: a).filtered(window)
        let squareB = b.multiplied(by: b).filtered(window)
        let product = a.multiplied(by: b).filtered(window)
        let c1 = 0.01 * 255 * 0.01 * 255
        let c2 = 0.03 * 255 * 0.03 * 255
        var similarity = 0.0
        var structure = 0.0
        for index in meanA.values.indices {
            let x = meanA.values[index]
            let y = meanB.values[index]
            let varianceX = squareA.values[index] - x * x
            let varianceY = squareB.values[index] - y * y
            let covariance = product.values[index] - x * y
            let contrast = (2 * covariance + c2) / (varianceX + varianceY + c2)
            structure += contrast
            similarity += contrast * (2 * x * y + c1) / (x * x + y * y + c1)
        }
        let count = Double(meanA.values.count)
        return (similarity / count, structure / count)
    }

    private static func gaussian() -> [Double] {
        let weights = (0..<side).map { index in
            let distance = Double(index - side / 2)
            return exp(-distance * distance / (2 * 1.5 * 1.5))
        }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }
}
