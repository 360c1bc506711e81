import Glibc
public import Media

/// How far two pictures are apart, pixel by pixel, over all three channels.
public struct PixelDistance: Hashable, Sendable {
    /// Mean absolute difference, 0…255 (L1).
    public let meanAbsolute: Double
    /// Mean squared difference, 0…255².
    public let meanSquared: Double

    /// Compares two pictures.
    ///
    /// - Throws: ``QualityError/sizesDiffer``.
    public init(_ a: RGBImage, _ b: RGBImage) throws(QualityError) {
        guard a.width == b.width, a.height == b.height, a.pixels.count == b.pixels.count else {
            throw .sizesDiffer
        }
        // At most 8192² × 3 × 255², which fits.
        var absolute = 0
        var squared = 0
        for index in a.pixels.indices {
            let difference = Int(a.pixels[index]) - Int(b.pixels[index])
            absolute += abs(difference)
            squared += difference * difference
        }
        meanAbsolute = Double(absolute) / Double(a.pixels.count)
        meanSquared = Double(squared) / Double(a.pixels.count)
    }

    /// Peak signal-to-noise ratio in decibels, peak 255; infinite for equal pictures.
    public var psnr: Double { 10 * log10(255 * 255 / meanSquared) }
}
