import Media
import Testing
import VideoCoding

@Suite struct StreamPaceTests {
    /// A codec whose bytes halve with each 12 steps of the quantiser.
    private func size(_ quantizer: Int, scale: Double) -> DataSize {
        var bytes = scale
        for _ in 0..<quantizer { bytes *= 0.944 }
        return DataSize(bytes: max(1, Int(bytes)))
    }

    @Test(arguments: [3.0, 8, 16, 40])
    func theQuantiserSettlesWhereTheRateIsKept(rate: Double) {
        let rate = Bitrate(kilobitsPerSecond: rate)
        var pace = StreamPace()
        pace.begin(40, at: .zero, rate: rate)
        var time = Duration.zero
        for _ in 0..<30 {
            time += StreamPace.interval(at: rate)
            pace.take(size(pace.quantizer, scale: 4000), at: time, rate: rate)
        }
        let wanted = Double(StreamPace.size(at: rate).bytes)
        let found = Double(size(pace.quantizer, scale: 4000).bytes)
        #expect(pace.quantizer == 16 || abs(found / wanted - 1) < 0.35)
    }

    @Test func anAbsurdSizeMovesItNoFurtherThanItMay() {
        let rate = Bitrate(kilobitsPerSecond: 10)
        var pace = StreamPace()
        for _ in 0..<100 { pace.take(DataSize(bytes: 1 << 30), at: .zero, rate: rate) }
        #expect(pace.quantizer == 60)
        for _ in 0..<100 { pace.take(.zero, at: .zero, rate: rate) }
        #expect(pace.quantizer == 16)
    }

    @Test func thereIsATimeForEachPicture() {
        let rate = Bitrate(kilobitsPerSecond: 16)
        var pace = StreamPace()
        pace.begin(40, at: .seconds(1), rate: rate)
        #expect(!pace.isDue(at: .seconds(1.1), unsent: .zero))
        #expect(pace.isDue(at: .seconds(1.21), unsent: .zero))
        #expect(!pace.isDue(at: .seconds(1.21), unsent: DataSize(bytes: 1)))
        // Rates that are none take no time that is none.
        #expect(StreamPace.interval(at: Bitrate(bitsPerSecond: 0)) == .seconds(0.6))
        #expect(StreamPace.size(at: Bitrate(bitsPerSecond: 0)) == .zero)
    }

    @Test func beginningsAreOrdered() {
        let beginnings = StreamPace.beginnings
        #expect(beginnings.first?.side == 256 && beginnings.last?.side == 96)
        for (first, second) in zip(beginnings, beginnings.dropFirst())
        where first.side == second.side {
            #expect(first.quantizer < second.quantizer)
        }
    }
}
