import Foundation
import Inference
import Media
import Quality
import Testing

/// The file with LPIPS' weights, which is not part of the project; nothing where it is not at hand.
///
/// Looked for in `models` of the folder that `PANTOGRAPH_SHARED` names, or of `../shared`.
private let weights: String? = {
    let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    let folder =
        ProcessInfo.processInfo.environment["PANTOGRAPH_SHARED"]
        ?? package.appending(path: "../shared").standardizedFileURL.path
    let path = folder + "/models/lpips.safetensors"
    return FileManager.default.isReadableFile(atPath: path) ? path : nil
}()

@Suite("LPIPS", .enabled(if: weights != nil, "needs lpips.safetensors, see PANTOGRAPH_SHARED"))
struct LPIPSTests {
    // The expected numbers are PyTorch's for the same pictures and weights:
    //   x = ((a / 127.5 - 1) - [-.030, -.088, -.188]) / [.458, .448, .450]
    //   each of conv2d + relu of AlexNet with max_pool2d(x, 3, 2) before the second and third; then
    //   p / (p.pow(2).sum(1).sqrt() + 1e-10), ((p - q) ** 2 * lin).sum(1).mean(), summed over the five
    @Test(arguments: Expected.all)
    func theSameAsPyTorch(expected: Expected) throws {
        let lpips = try LPIPS(weights: try #require(weights), engine: Engine())
        let (a, b) = try expected.pictures()
        #expect(abs(try lpips.distance(a, b) - expected.lpips) < 2e-5)
        #expect(abs(try lpips.distance(b, a) - expected.lpips) < 2e-5)
        #expect(abs(try lpips.distance(a, a)) < 1e-9)
    }

    @Test func theSizeMayChangeBetweenCalls() throws {
        let lpips = try LPIPS(weights: try #require(weights), engine: Engine())
        for expected in Expected.all + Expected.all.reversed() {
            let (a, b) = try expected.pictures()
            #expect(abs(try lpips.distance(a, b) - expected.lpips) < 2e-5)
        }
    }

    @Test func sizesMustAgreeAndBeLargeEnough() throws {
        let lpips = try LPIPS(weights: try #require(weights), engine: Engine())
        let a = try picture(width: 64, height: 48, step: 1, shift: 0)
        let b = try picture(width: 48, height: 64, step: 1, shift: 0)
        let small = try picture(width: 64, height: 31, step: 1, shift: 0)
        let smallest = try picture(width: 32, height: 32, step: 1, shift: 0)
        #expect(throws: QualityError.sizesDiffer) { try lpips.distance(a, b) }
        #expect(throws: QualityError.tooSmall(width: 64, height: 31, smallestSide: 32)) {
            try lpips.distance(small, small)
        }
        #expect(try lpips.distance(smallest, smallest) == 0)
    }
}

@Suite("LPIPS without its weights")
struct LPIPSWeightsTests {
    @Test func aMissingFileIsAnError() throws {
        let path = "/nowhere/lpips.safetensors"
        #expect(throws: QualityError.unreadable(path: path)) {
            try LPIPS(weights: path, engine: Engine())
        }
    }
}
