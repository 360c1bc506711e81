import RateQuality
import Testing

@Suite("Captions of pictures side by side")
struct CaptionTests {
    @Test(arguments: [
        (10.0, "h265 10.0 kbit/s, LPIPS 0.100"), (12.4, "h265 12.4 kbit/s, LPIPS 0.100"),
        (
            14.0,
            "h265 14.0 kbit/s, LPIPS 0.100; not the same rate: the nearest measured is 40 % above"
        ),
        (
            5.0,
            "h265 5.0 kbit/s, LPIPS 0.100; not the same rate: the nearest measured is 50 % below"
        ),
    ])
    func otherRatesAreCalledSo(rate: Double, text: String) {
        let row = RowStoreTests.row("a", "h265", "40", rate: rate)
        #expect(Caption(row, matched: 10).text == text)
    }
}
