import Media
import Quality
import Testing

// The expected numbers are scikit-image's for the same pictures:
//   y, x, c = np.meshgrid(np.arange(h), np.arange(w), np.arange(3), indexing="ij")
//   a = ((x * x // 7 + y * (c + 3) + x * y // 5 * step + shift * c) % 256).astype(np.uint8)
//   peak_signal_noise_ratio(a, b, data_range=255), np.abs(a.astype(float) - b).mean()
//   structural_similarity(a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
//                         channel_axis=2, data_range=255)
struct Expected: CustomTestStringConvertible {
    let width: Int
    let height: Int
    let steps: (Int, Int)
    let shifts: (Int, Int)
    let psnr: Double
    let l1: Double
    let ssim: Double
    let lpips: Double

    var testDescription: String { "\(width)x\(height), steps \(steps), shifts \(shifts)" }

    static let all = [
        Expected(
            width: 64, height: 48, steps: (1, 1), shifts: (0, 9),
            psnr: 15.235781, l1: 16.080512, ssim: 0.80993580, lpips: 0.028149),
        Expected(
            width: 40, height: 33, steps: (0, 2), shifts: (5, 5),
            psnr: 9.481112, l1: 66.288889, ssim: 0.34259618, lpips: 0.202782),
        Expected(
            width: 256, height: 256, steps: (1, 0), shifts: (0, 3),
            psnr: 7.791194, l1: 84.530528, ssim: 0.02936442, lpips: 0.605054),
        Expected(
            width: 200, height: 120, steps: (0, 0), shifts: (1, 12),
            psnr: 14.028312, l1: 20.258611, ssim: 0.77002311, lpips: 0.046820),
    ]

    func pictures() throws -> (RGBImage, RGBImage) {
        (
            try picture(width: width, height: height, step: steps.0, shift: shifts.0),
            try picture(width: width, height: height, step: steps.1, shift: shifts.1)
        )
    }
}

@Suite("Pixel measures")
struct PixelMeasureTests {
    @Test(arguments: Expected.all)
    func theSameAsScikitImage(expected: Expected) throws {
        let (a, b) = try expected.pictures()
        let distance = try PixelDistance(a, b)
        #expect(abs(distance.psnr - expected.psnr) < 1e-5)
        #expect(abs(distance.meanAbsolute - expected.l1) < 1e-5)
        #expect(abs(try StructuralSimilarity(a, b).value - expected.ssim) < 1e-7)
    }

    @Test func equalPicturesAreAtTheEndsOfTheScales() throws {
        let a = try picture(width: 30, height: 20, step: 1, shift: 2)
        let distance = try PixelDistance(a, a)
        #expect(distance.meanAbsolute == 0)
        #expect(distance.psnr == .infinity)
        #expect(abs(try StructuralSimilarity(a, a).value - 1) < 1e-12)
    }

    @Test func sizesMustAgreeAndHoldTheWindow() throws {
        let a = try picture(width: 30, height: 20, step: 1, shift: 2)
        let b = try picture(width: 20, height: 30, step: 1, shift: 2)
        let small = try picture(width: 10, height: 30, step: 1, shift: 2)
        #expect(throws: QualityError.sizesDiffer) { try PixelDistance(a, b) }
        #expect(throws: QualityError.sizesDiffer) { try StructuralSimilarity(a, b) }
        #expect(throws: QualityError.tooSmall(width: 10, height: 30, smallestSide: 11)) {
            try StructuralSimilarity(small, small)
        }
    }
}
