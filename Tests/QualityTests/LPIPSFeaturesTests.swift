import Inference
import Media
import Quality
import Testing

@Suite(
    "LPIPS in two steps",
    .enabled(if: SharedWeights.lpips != nil, "needs lpips.safetensors, see PANTOGRAPH_SHARED"))
struct LPIPSFeaturesTests {
    @Test(arguments: Expected.all)
    func theSameAsPyTorch(expected: Expected) throws {
        let metric = try LPIPSFeatures(
            weights: try #require(SharedWeights.lpips), engine: Engine())
        let (a, b) = try expected.pictures()
        let (first, second) = (try metric.features(of: a), try metric.features(of: b))
        #expect(abs(try LPIPSFeatures.distance(first, second) - expected.lpips) < 2e-5)
        #expect(try LPIPSFeatures.distance(first, first) == 0)
    }

    @Test func sizesMustAgreeAndBeLargeEnough() throws {
        let metric = try LPIPSFeatures(
            weights: try #require(SharedWeights.lpips), engine: Engine())
        let a = try metric.features(of: try picture(width: 64, height: 48, step: 1, shift: 0))
        let b = try metric.features(of: try picture(width: 128, height: 64, step: 1, shift: 0))
        #expect(throws: QualityError.sizesDiffer) { try LPIPSFeatures.distance(a, b) }
        let small = try picture(width: 64, height: 31, step: 1, shift: 0)
        #expect(throws: QualityError.tooSmall(width: 64, height: 31, smallestSide: 32)) {
            try metric.features(of: small)
        }
    }
}
