import Pipeline

/// What one clip gave with one number of sources.
struct RebuildRow: Encodable {
    /// What the pictures were made of.
    enum Sources: Hashable {
        /// The clip's first picture, shown unchanged.
        case copied
        /// So many sources, warped.
        case count(Int)
    }

    let clip: String
    let sources: Sources
    let figures: [PictureQuality]

    private enum Key: String, CodingKey {
        case clip, sources, pictures, lpips, psnr, l1, ssim
    }

    /// Encodes the means under the names that `Training/evaluate.py` writes.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(clip, forKey: .clip)
        switch sources {
        case .copied: try container.encode("copy", forKey: .sources)
        case .count(let count): try container.encode(count, forKey: .sources)
        }
        try container.encode(figures.count, forKey: .pictures)
        for (measure, key) in zip(Measure.all, [Key.lpips, .psnr, .l1, .ssim]) {
            try container.encodeIfPresent(mean(figures.compactMap(measure.value)), forKey: key)
        }
    }

    /// One of the figures.
    struct Measure: Sendable {
        let title: String
        let digits: Int
        let higherIsBetter: Bool
        let value: @Sendable (PictureQuality) -> Double?

        static let all = [
            Measure(title: "LPIPS", digits: 4, higherIsBetter: false, value: { $0.lpips }),
            Measure(title: "PSNR, dB", digits: 2, higherIsBetter: true, value: { $0.psnr }),
            Measure(title: "L1", digits: 2, higherIsBetter: false, value: { $0.l1 }),
            Measure(title: "SSIM", digits: 4, higherIsBetter: true, value: { $0.ssim }),
        ]
    }
}

/// The mean; nothing of nothing.
func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
