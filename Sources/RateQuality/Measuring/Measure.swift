/// What is measured on pictures.
package enum Measure: String, Codable, CaseIterable, Hashable, Sendable {
    case lpips, dists, psnr, ssim
    case msSSIM = "ms-ssim"
    case vmaf, l1, akd
    case missingFace = "face-missing"
    case background

    /// What people call it.
    package var title: String {
        switch self {
        case .lpips: "LPIPS (AlexNet)"
        case .dists: "DISTS"
        case .psnr: "PSNR, dB"
        case .ssim: "SSIM"
        case .msSSIM: "MS-SSIM"
        case .vmaf: "VMAF"
        case .l1: "L1, of 255"
        case .akd: "AKD, pixels"
        case .missingFace: "face missing, share"
        case .background: "background motion, levels"
        }
    }

    /// One sentence on what the number says.
    package var meaning: String {
        switch self {
        case .lpips:
            "perceptual distance by AlexNet's features (Zhang et al. 2018), RGB; 0 is equal"
        case .dists: "perceptual distance that forgives other texture (Ding et al. 2020), RGB"
        case .psnr: "peak signal-to-noise ratio over R, G and B; at most 100"
        case .ssim: "structural similarity (Wang et al. 2004), mean of R, G and B"
        case .msSSIM: "structural similarity over five scales (Wang et al. 2003), luma"
        case .vmaf:
            "Netflix' VMAF v0.6.1 by the ffmpeg program; made for coding errors, says "
                + "little about faces that are a pixel out of place"
        case .l1: "mean absolute difference of R, G and B"
        case .akd:
            "mean distance of five landmarks of the face, found by MTCNN in both pictures; pictures "
                + "in which the face was lost are left out and counted by the next measure"
        case .missingFace:
            "share of the pictures with a face in the original in whose rebuilt version MTCNN finds "
                + "none (missing-keypoint rate), which AKD does not see"
        case .background:
            "how much more than in the original a background that stands still "
                + "changes from one measured picture to the next; no verdict by itself, a frozen "
                + "picture has less"
        }
    }

    /// Whether more is better.
    package var higherIsBetter: Bool {
        switch self {
        case .psnr, .ssim, .msSSIM, .vmaf: true
        case .lpips, .dists, .l1, .akd, .missingFace, .background: false
        }
    }

    /// Whether rates for equal values of it mean something.
    package var isComparedByRate: Bool { self != .background && self != .missingFace }

    /// Digits after the point.
    package var digits: Int {
        switch self {
        case .lpips, .dists, .ssim, .msSSIM: 4
        case .missingFace: 3
        case .psnr, .l1, .akd, .background: 2
        case .vmaf: 1
        }
    }
}
