import Media
import Pipeline
import Testing

@Suite struct CallMeterTests {
    private static func snapshot(pictures: Int, datagrams: Int, bytes: Int) -> CallSnapshot {
        var snapshot = CallSnapshot()
        snapshot.pictures = pictures
        snapshot.datagrams = datagrams
        // 28 bytes of IPv4 and UDP headers each.
        snapshot.wire = DataSize(bytes: bytes + 28 * datagrams)
        return snapshot
    }

    @Test func aLineComesWithEachSecond() {
        var meter = CallMeter()
        #expect(!meter.isDue(at: .milliseconds(999)))
        #expect(meter.isDue(at: .seconds(1)))
        _ = meter.second(CallSnapshot(), at: .milliseconds(1010))
        #expect(!meter.isDue(at: .seconds(2)))
        #expect(meter.isDue(at: .milliseconds(2010)))
    }

    @Test func ratesAreThousandsOfBitsWithHeaders() {
        var meter = CallMeter()
        let first = meter.second(
            Self.snapshot(pictures: 25, datagrams: 10, bytes: 4720), at: .seconds(1))
        #expect(first.kind == .second)
        #expect(first.wireBytes == 5000)
        #expect(first.wireKilobitsPerSecond == 40)
        let second = meter.second(
            Self.snapshot(pictures: 75, datagrams: 26, bytes: 6772), at: .seconds(3))
        #expect(second.pictures == 50)
        #expect(second.datagrams == 16)
        #expect(second.wireBytes == 2500)
        #expect(second.seconds == 2)
        #expect(second.wireKilobitsPerSecond == 10)
        let summary = meter.summary(
            Self.snapshot(pictures: 100, datagrams: 34, bytes: 8048), at: .seconds(4),
            end: "silence")
        #expect(summary.kind == .summary)
        #expect(summary.wireBytes == 9000)
        #expect(summary.wireKilobitsPerSecond == 18)
        // 4000 bytes in the three seconds after the first line.
        #expect(summary.wireKilobitsPerSecondAfterFirstSecond == 10.667)
        #expect(summary.pictures == 100)
        #expect(summary.end == "silence")
    }

    @Test func aCallShorterThanASecondHasNoLaterRate() {
        var meter = CallMeter()
        let summary = meter.summary(
            Self.snapshot(pictures: 3, datagrams: 2, bytes: 100), at: .milliseconds(120), end: "")
        #expect(summary.wireKilobitsPerSecondAfterFirstSecond == nil)
        #expect(summary.wireBytes == 156)
    }

    @Test func nothingAtAllIsNoDivisionByZero() {
        var meter = CallMeter()
        let summary = meter.summary(CallSnapshot(), at: .zero, end: "no answer")
        #expect(summary.wireKilobitsPerSecond == 0)
        #expect(summary.stages.isEmpty)
    }

    @Test func stagesOfASecondAreItsOwnAndTheSummaryHasAll() {
        var meter = CallMeter()
        meter.add("warp", .milliseconds(10))
        #expect(meter.second(CallSnapshot(), at: .seconds(1)).stages["warp"]?.median == 10)
        meter.add("warp", .milliseconds(30))
        meter.add("warp", .milliseconds(20))
        #expect(meter.second(CallSnapshot(), at: .seconds(2)).stages["warp"]?.median == 30)
        let all = meter.summary(CallSnapshot(), at: .seconds(3), end: "").stages
        #expect(all["warp"]?.median == 20)
        #expect(all["warp"]?.largest == 30)
    }

    @Test func percentilesAreOfTheSlowEnd() {
        var times = StageTimes()
        for number in (1...100).reversed() { times.add("show", .milliseconds(number)) }
        let summary = times.summary["show"]
        #expect(summary?.median == 51)
        #expect(summary?.percentile95 == 96)
        #expect(summary?.largest == 100)
        let taken = times.take()
        #expect(times.summary.isEmpty)
        #expect(taken.summary.count == 1)
    }

    @Test func residentMemoryIsTold() throws {
        var meter = CallMeter()
        let mebibytes = try #require(
            meter.summary(CallSnapshot(), at: .seconds(1), end: "").residentMebibytes)
        #expect(mebibytes > 1)
    }
}
