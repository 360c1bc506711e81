import Media
import Testing

@Suite struct TimeTests {
    @Test func picturesAreFortyMillisecondsApart() {
        #expect(PictureRate.standard.interval == .milliseconds(40))
        #expect(PictureRate.standard.time(ofPicture: 25).microseconds == 1_000_000)
    }

    @Test func thirtyPicturesASecondDoNotDrift() throws {
        let rate = try #require(PictureRate(picturesPerSecond: 30))
        #expect(rate.time(ofPicture: 30 * 3600).microseconds == 3_600_000_000)
    }

    @Test func instantsAddAndSubtract() {
        let later = Instant.zero.advanced(by: .milliseconds(1500))
        #expect(later.since(.zero) == .milliseconds(1500))
        #expect(Instant.zero.since(later) == .milliseconds(-1500))
    }

    @Test func ratesComeFromSizesAndDurations() {
        let rate = Bitrate(DataSize(bytes: 1500), over: .seconds(1))
        #expect(rate.kilobitsPerSecond == 12)
        #expect(Bitrate(DataSize(bytes: 1500), over: .zero).bitsPerSecond == 0)
    }

    @Test func pictureNumbersStopAtTheLast() {
        #expect(PictureNumber(.max).advanced(by: 1) == nil)
        #expect(PictureNumber.zero.advanced(by: -1) == nil)
        #expect(PictureNumber(7).distance(from: PictureNumber(9)) == -2)
    }

    @Test func seedsRepeat() {
        var a = SplitMix64(seed: 1)
        var b = SplitMix64(seed: 1)
        let values = (0..<100).map { _ in a.next() }
        #expect(values == (0..<100).map { _ in b.next() })
        #expect(Set(values).count == 100)
        // The first output for seed 0, from the authors' reference code.
        var zero = SplitMix64(seed: 0)
        #expect(zero.next() == 0xE220_A839_7B1D_CDAF)
    }
}
