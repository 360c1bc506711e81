import Foundation
import Pipeline

extension QualitySummary {
    /// The figures as a sentence for people.
    var sentence: String {
        var text = String(
            format: "PSNR %.2f dB, L1 %.2f, SSIM %.3f", psnr.mean, l1.mean, ssim.mean)
        if let lpips {
            text += String(format: ", LPIPS %.3f (p95 %.3f)", lpips.mean, lpips.percentile95)
        }
        return text + " over \(pictures) pictures"
    }
}
