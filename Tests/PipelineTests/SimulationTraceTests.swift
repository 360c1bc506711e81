import Media
import Pipeline
import Testing

/// Freezes of traces that were made by hand: 25 pictures a second, shown 200 ms after they were taken, and a datagram
/// each 120 ms with three of them.
@Suite struct SimulationTraceTests {
    private static let interval = Duration.milliseconds(40)

    /// - Parameters:
    ///   - held: the pictures for which nothing new was shown.
    ///   - late: by how many milliseconds pictures were shown later than the others.
    ///   - lost: the datagrams that the link lost; number k goes out when pictures 3k, 3k + 1 and 3k + 2 were taken.
    private static func trace(
        pictures: Int, held: Set<Int> = [], late: [Int: Int] = [:], streamed: Set<Int> = [],
        datagrams: Int? = nil, lost: Set<Int> = []
    ) -> SimulationTrace {
        var trace = SimulationTrace()
        for number in 0..<pictures {
            let delay = Duration.milliseconds(200 + (late[number] ?? 0))
            trace.shown.append(
                .init(
                    picture: PictureNumber(UInt32(number)), time: interval * number + delay,
                    delay: delay, isWhole: !held.contains(number) && !streamed.contains(number),
                    isMadeUp: false, isStreamed: streamed.contains(number)))
        }
        for number in 0..<(datagrams ?? pictures / 3) {
            trace.sends.append(
                .init(
                    time: .milliseconds(80 + 120 * number), isLost: lost.contains(number)))
        }
        return trace
    }

    private static func freezes(_ trace: SimulationTrace) -> (whole: Duration, beyond: Duration) {
        (trace.longestFreeze(interval), trace.longestFreezeBeyondLoss(interval))
    }

    @Test func aCallWithoutPicturesHasNoFreeze() {
        #expect(Self.freezes(SimulationTrace()) == (.zero, .zero))
        #expect(Self.freezes(Self.trace(pictures: 1)) == (.zero, .zero))
        // Nothing to see yet is no freeze: what counts then is when the first picture is shown.
        #expect(Self.freezes(Self.trace(pictures: 9, held: Set(0..<9))) == (.zero, .zero))
        #expect(Self.freezes(Self.trace(pictures: 30, held: Set(0..<9))) == (.zero, .zero))
    }

    @Test func pictureAfterPictureIsNoFreeze() {
        #expect(Self.freezes(Self.trace(pictures: 90)) == (.zero, .zero))
        #expect(
            Self.freezes(Self.trace(pictures: 90, streamed: Set(30..<60))) == (.zero, .zero))
    }

    /// Six pictures are missing and nothing was lost: all of it is the receiver's or the sender's.
    @Test func aFreezeWithoutLoss() {
        let trace = Self.trace(pictures: 90, held: Set(30..<36))
        #expect(Self.freezes(trace) == (.milliseconds(240), .milliseconds(240)))
    }

    /// A picture that comes late is one, too, however quick those behind it are.
    @Test func aLatePictureIsAFreeze() {
        let trace = Self.trace(pictures: 90, late: [30: 150, 31: 110, 32: 70, 33: 30])
        #expect(Self.freezes(trace) == (.milliseconds(150), .milliseconds(150)))
    }

    /// Two datagrams in a row were lost, and with them what was not shown.
    @Test func aFreezeThatIsAllOfLoss() {
        let trace = Self.trace(pictures: 90, held: Set(30..<36), lost: [10, 11])
        #expect(Self.freezes(trace) == (.milliseconds(240), .zero))
    }

    /// One datagram was lost, and seven pictures more than it held were missing.
    @Test func aFreezeThatOutlastsItsLoss() {
        let trace = Self.trace(pictures: 90, held: Set(30..<40), lost: [10])
        #expect(Self.freezes(trace) == (.milliseconds(400), .milliseconds(280)))
    }

    /// The longer freeze is explained, the shorter one is not: each figure is of another one.
    @Test(arguments: [false, true])
    func ofTwoFreezesEachFigureTakesItsLongest(isShorterFirst: Bool) {
        let (short, long) = isShorterFirst ? (30, 60) : (60, 30)
        let trace = Self.trace(
            pictures: 120, held: Set(short..<(short + 3)).union(long..<(long + 12)),
            lost: Set((long / 3)..<(long / 3 + 4)))
        #expect(Self.freezes(trace) == (.milliseconds(480), .milliseconds(120)))
    }

    /// What was lost had been said again in time, or held nothing that is seen.
    @Test func lossWithoutAFreeze() {
        let trace = Self.trace(pictures: 90, lost: [4, 10, 11, 20])
        #expect(Self.freezes(trace) == (.zero, .zero))
    }

    /// Loss long before or after a freeze does not excuse it.
    @Test func lossElsewhereExcusesNothing() {
        let trace = Self.trace(pictures: 120, held: Set(60..<66), lost: [2, 15, 30, 38])
        #expect(Self.freezes(trace) == (.milliseconds(240), .milliseconds(240)))
    }

    /// No later picture ends what lasts until the call does.
    @Test func aFreezeUntilTheEndOfTheCall() {
        let silent = Self.trace(pictures: 90, held: Set(80..<90))
        #expect(Self.freezes(silent) == (.milliseconds(400), .milliseconds(400)))
        // The last three datagrams were lost, and then the goodbye came: pictures 81 to 89.
        let lost = Self.trace(pictures: 90, held: Set(80..<90), datagrams: 31, lost: [27, 28, 29])
        #expect(Self.freezes(lost) == (.milliseconds(400), .milliseconds(40)))
    }

    /// Half of all that is shown came this late.
    @Test func delaysAreThoseOfWholePictures() {
        let late = Dictionary(uniqueKeysWithValues: (0..<50).map { ($0, 10 * $0) })
        let trace = Self.trace(pictures: 60, held: Set(50..<60), late: late)
        #expect(trace.delay(percentile: 50) == .milliseconds(450))
        #expect(trace.delay(percentile: 95) == .milliseconds(670))
        #expect(Self.trace(pictures: 9, held: Set(0..<9)).delay(percentile: 50) == nil)
    }
}
