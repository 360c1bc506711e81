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

    /// A tariff counts what an end sends and what it receives.
    @Test func megabytesAnHourAreOfBothDirections() {
        var meter = CallMeter()
        var snapshot = CallSnapshot()
        snapshot.wire = DataSize(bytes: 2000)
        snapshot.returnWire = DataSize(bytes: 500)
        // 2500 bytes a second, 3600 seconds.
        #expect(meter.second(snapshot, at: .seconds(1)).megabytesAnHour == 9)
        snapshot.wire = DataSize(bytes: 4000)
        snapshot.returnWire = DataSize(bytes: 2500)
        let second = meter.second(snapshot, at: .seconds(3))
        // 4000 bytes in two seconds.
        #expect(second.megabytesAnHour == 7.2)
        #expect(second.wireKilobitsPerSecond == 8 && second.returnKilobitsPerSecond == 8)
        #expect(meter.summary(snapshot, at: .seconds(5), end: "").megabytesAnHour == 4.68)
        var none = CallMeter()
        #expect(none.summary(CallSnapshot(), at: .zero, end: "").megabytesAnHour == 0)
    }

    @Test func soundHasARateOfItsOwn() {
        var meter = CallMeter()
        var snapshot = Self.snapshot(pictures: 25, datagrams: 9, bytes: 1500)
        snapshot.voice = DataSize(bytes: 750)
        snapshot.lostVoice = .milliseconds(120)
        snapshot.dueVoice = .seconds(1)
        let first = meter.second(snapshot, at: .seconds(1))
        #expect(first.voiceBytes == 750)
        #expect(first.voiceKilobitsPerSecond == 6)
        #expect(first.lostVoiceSeconds == 0.12)
        #expect(first.dueVoiceSeconds == 1)
        snapshot.voice = DataSize(bytes: 1000)
        let second = meter.second(snapshot, at: .seconds(2))
        #expect(second.voiceKilobitsPerSecond == 2)
        #expect(second.lostVoiceSeconds == 0)
        #expect(second.dueVoiceSeconds == 0)
        #expect(meter.summary(snapshot, at: .seconds(2), end: "").voiceBytes == 1000)
        #expect(meter.summary(CallSnapshot(), at: .seconds(2), end: "").voiceBytes == nil)
    }

    @Test func liveSoundFollowsItselfAndTheClock() {
        var line = LiveSoundLine()
        #expect(line.place(480, end: 1000) == 520)
        // Late by chance: it follows all the same.
        #expect(line.place(480, end: 2400) == 1000)
        #expect(line.place(480, end: 1960) == 1480)
        // A second was lost in between.
        #expect(line.place(480, end: 50_000) == 49_520)
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
