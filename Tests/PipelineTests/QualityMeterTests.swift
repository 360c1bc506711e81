import Media
import Pipeline
import Quality
import Testing

@Suite struct QualityMeterTests {
    private static func noise(seed: UInt64, amplitude: Int = 0) throws -> RGBImage {
        var random = SplitMix64(seed: seed)
        var shift = SplitMix64(seed: 99)
        let pixels = (0..<32 * 32 * 3).map { _ in
            let value = 60 + Int(random.next() % 130)
            let change =
                amplitude == 0 ? 0 : Int(shift.next() % UInt64(2 * amplitude + 1)) - amplitude
            return UInt8(clamping: value + change)
        }
        return try #require(RGBImage(width: 32, height: 32, pixels: pixels))
    }

    @Test func equalPicturesArePerfect() throws {
        let meter = QualityMeter(lpips: nil)
        let picture = try Self.noise(seed: 1)
        let row = try meter.add(PictureNumber(4), original: picture, shown: picture)
        #expect(row.picture == 4)
        #expect(row.psnr == 100)
        #expect(row.l1 == 0)
        #expect(abs(row.ssim - 1) < 1e-9)
        #expect(row.lpips == nil)
        #expect(meter.summary?.lpips == nil)
    }

    /// 95 of 100 pictures are at least as good as the 95th percentile, whichever way "good" points.
    @Test func percentilesAreAtTheBadEnd() throws {
        let meter = QualityMeter(lpips: nil)
        for number in 0..<20 {
            let picture = try Self.noise(seed: UInt64(number))
            let shown = try Self.noise(seed: UInt64(number), amplitude: number == 7 ? 50 : 2)
            try meter.add(PictureNumber(UInt32(number)), original: picture, shown: shown)
        }
        let summary = try #require(meter.summary)
        let bad = meter.pictures[7]
        #expect(summary.pictures == 20)
        #expect(summary.psnr.percentile95 == bad.psnr)
        #expect(summary.l1.percentile95 == bad.l1)
        #expect(summary.ssim.percentile95 == bad.ssim)
        #expect(summary.psnr.percentile95 < summary.psnr.mean)
        #expect(summary.l1.percentile95 > summary.l1.mean)
        #expect(summary.ssim.percentile95 < summary.ssim.mean)
    }

    @Test func withoutPicturesThereIsNoSummary() {
        #expect(QualityMeter(lpips: nil).summary == nil)
    }

    @Test func otherSizesAreRefused() throws {
        let meter = QualityMeter(lpips: nil)
        let small = try #require(
            RGBImage(width: 16, height: 16, pixels: [UInt8](repeating: 0, count: 768)))
        #expect(throws: QualityError.self) {
            try meter.add(.zero, original: Self.noise(seed: 1), shown: small)
        }
        #expect(meter.pictures.isEmpty)
    }
}
