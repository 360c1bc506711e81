public import Media
public import Quality

/// Measures pictures against their originals and keeps the figures.
public final class QualityMeter {
    private let lpips: LPIPS?
    private var rows: [PictureQuality] = []

    /// Makes a meter; without `lpips` there is no perceptual distance.
    public init(lpips: LPIPS?) { self.lpips = lpips }

    /// Measures one picture.
    ///
    /// - Throws: `QualityError` where the sizes differ.
    @discardableResult
    public func add(
        _ number: PictureNumber, original: RGBImage, shown: RGBImage
    ) throws -> PictureQuality {
        let pixels = try PixelDistance(original, shown)
        let row = PictureQuality(
            picture: Int(number.rawValue), psnr: min(100, pixels.psnr), l1: pixels.meanAbsolute,
            ssim: try StructuralSimilarity(original, shown).value,
            lpips: try lpips?.distance(original, shown))
        rows.append(row)
        return row
    }

    /// The figures of each picture.
    public var pictures: [PictureQuality] { rows }

    /// Mean and 95th percentile (the bad end) of each figure; nothing where nothing was measured.
    public var summary: QualitySummary? { QualitySummary(rows) }
}

/// The figures of one picture.
public struct PictureQuality: Codable, Hashable, Sendable {
    /// The picture's number.
    public let picture: Int
    /// Peak signal-to-noise ratio in dB over R, G and B; at most 100.
    public let psnr: Double
    /// Mean absolute difference, of 255.
    public let l1: Double
    /// Structural similarity (Wang et al. 2004), −1…1.
    public let ssim: Double
    /// LPIPS 0.1 with AlexNet (Zhang et al. 2018), 0 for equal pictures.
    public let lpips: Double?
}

/// The figures of many pictures.
public struct QualitySummary: Codable, Hashable, Sendable {
    /// Mean and 95th percentile of one figure.
    public struct Spread: Codable, Hashable, Sendable {
        /// The mean.
        public let mean: Double
        /// 95 of 100 pictures are at least as good.
        public let percentile95: Double

        init?(_ values: [Double], higherIsBetter: Bool) {
            guard !values.isEmpty else { return nil }
            let sorted = higherIsBetter ? values.sorted(by: >) : values.sorted()
            mean = values.reduce(0, +) / Double(values.count)
            percentile95 = sorted[min(sorted.count - 1, Int(0.95 * Double(sorted.count)))]
        }
    }

    /// How many pictures were measured.
    public let pictures: Int
    /// Peak signal-to-noise ratio, dB.
    public let psnr: Spread
    /// Mean absolute difference, of 255.
    public let l1: Spread
    /// Structural similarity.
    public let ssim: Spread
    /// LPIPS with AlexNet.
    public let lpips: Spread?

    init?(_ rows: [PictureQuality]) {
        guard
            let psnr = Spread(rows.map(\.psnr), higherIsBetter: true),
            let l1 = Spread(rows.map(\.l1), higherIsBetter: false),
            let ssim = Spread(rows.map(\.ssim), higherIsBetter: true)
        else { return nil }
        pictures = rows.count
        self.psnr = psnr
        self.l1 = l1
        self.ssim = ssim
        lpips = Spread(rows.compactMap(\.lpips), higherIsBetter: false)
    }
}
