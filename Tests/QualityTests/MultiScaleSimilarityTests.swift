import Glibc
import Media
import Quality
import Testing

@Suite("MS-SSIM")
struct MultiScaleSimilarityTests {
    // The expected numbers are those of the package pytorch-msssim for the same planes:
    //   y, x = np.meshgrid(np.arange(h), np.arange(w), indexing="ij")
    //   p = np.floor(128 + 60 * np.sin(x / (9.0 + a)) + 50 * np.cos(y / (13.0 + b)))
    //   ms_ssim(p, q, data_range=255, win=window)  # Gaussian of 11, σ 1.5, in double precision
    static let cases: [(width: Int, height: Int, first: [Double], second: [Double], Double)] = [
        (256, 256, [0, 0], [0.5, 0], 0.77508522),
        (176, 192, [0, 0], [0, 3], 0.75797982),
        (256, 256, [0, 0], [40, 40], 0.07269832),
    ]

    private func frame(_ width: Int, _ height: Int, _ value: (Int, Int) -> UInt8) throws
        -> VideoFrame
    {
        let size = try #require(PictureSize(width: width, height: height))
        let luma = (0..<width * height).map { value($0 % width, $0 / width) }
        let chroma = [UInt8](repeating: 128, count: luma.count / 4)
        return try #require(VideoFrame(size: size, time: .zero, y: luma, u: chroma, v: chroma))
    }

    private func waves(_ width: Int, _ height: Int, _ shape: [Double]) throws -> VideoFrame {
        try frame(width, height) { x, y in
            UInt8(
                floor(
                    128 + 60 * sin(Double(x) / (9 + shape[0])) + 50
                        * cos(Double(y) / (13 + shape[1]))))
        }
    }

    @Test(arguments: cases.indices)
    func theSameAsPyTorch(index: Int) throws {
        let (width, height, first, second, expected) = Self.cases[index]
        let a = try waves(width, height, first)
        let b = try waves(width, height, second)
        #expect(abs(try MultiScaleSimilarity(a, b).value - expected) < 1e-7)
        #expect(abs(try MultiScaleSimilarity(a, a).value - 1) < 1e-12)
    }

    @Test func fineDetailIsTheSameAsPyTorchs() throws {
        func rough(_ step: Int, _ shift: Int) throws -> VideoFrame {
            try frame(256, 256) { x, y in
                UInt8((x * x / 7 + y * 3 + (x * y) / 5 * step + shift) % 256)
            }
        }
        let found = try MultiScaleSimilarity(rough(1, 0), rough(0, 3)).value
        #expect(abs(found - 0.09130888) < 1e-7)
    }

    @Test func sizesMustAgreeAndHoldTheCoarsestWindow() throws {
        let a = try waves(176, 192, [0, 0])
        let b = try waves(192, 176, [0, 0])
        let small = try waves(174, 192, [0, 0])
        #expect(throws: QualityError.sizesDiffer) { try MultiScaleSimilarity(a, b) }
        #expect(throws: QualityError.tooSmall(width: 174, height: 192, smallestSide: 176)) {
            try MultiScaleSimilarity(small, small)
        }
    }
}
