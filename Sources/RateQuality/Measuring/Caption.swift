import Foundation

/// What stands above a codec's pictures beside others: name, rate, quality, and whether the rate is the one that
/// they were matched to.
package struct Caption {
    package let text: String

    /// Beyond this share of the rate, the pictures are not of equal rate, and are called so.
    private static let tolerance = 0.25

    /// Makes a caption.
    ///
    /// - Parameter matched: the rate to which the codecs were matched, kbit/s of payload.
    package init(_ row: RateQualityRow, matched: Double) {
        var text = "\(row.codec) " + String(format: "%.1f kbit/s", row.payloadRate)
        if let lpips = row.mean(.lpips) { text += String(format: ", LPIPS %.3f", lpips) }
        let excess = matched > 0 ? row.payloadRate / matched - 1 : 0
        if abs(excess) > Self.tolerance {
            text += String(
                format: "; not the same rate: the nearest measured is %.0f %% %@",
                100 * abs(excess), excess > 0 ? "above" : "below")
        }
        self.text = text
    }
}
