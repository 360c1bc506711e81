import Media
import Testing
import VideoCoding

@Suite struct SteppingAsideTests {
    /// Looks twice a second.
    private struct Run {
        var aside: SteppingAside
        var time = Duration.zero
        var changes: [(at: Double, to: SteppingAside.Means, reason: SteppingAside.Reason)] = []

        init(_ kind: SteppingAside.Kind = .stream) { aside = SteppingAside(kind) }

        mutating func note(_ change: SteppingAside.Change?) {
            if let change { changes.append((time.seconds, change.to, change.reason)) }
        }

        mutating func cut() { note(aside.cut(at: time)) }

        mutating func sourceArrives() { note(aside.sourceArrived(at: time)) }

        mutating func look(
            _ warped: Double?, _ streamed: Double? = nil, rate: Double = 12, count: Int = 1,
            isNewScene: Bool = false, isSourceUnderWay: Bool = false
        ) {
            for _ in 0..<count {
                time += .milliseconds(480)
                note(
                    aside.take(
                        AsideLook(
                            time: time, warped: warped, streamed: streamed,
                            rate: Bitrate(kilobitsPerSecond: rate), isNewScene: isNewScene,
                            isSourceUnderWay: isSourceUnderWay)))
            }
        }
    }

    @Test func goodWarpingGoesOn() {
        var run = Run()
        run.look(0.1, count: 20)
        // Bad, and the stream is no better.
        run.look(0.3, 0.3, count: 20)
        #expect(run.changes.isEmpty)
    }

    @Test func oneBadLookIsNoReason() {
        var run = Run()
        run.look(0.32, 0.2)
        run.look(0.1)
        run.look(0.32, 0.2)
        #expect(run.aside.means == .keypoints)
        run.look(0.32, 0.2)
        #expect(run.aside.means == .stream)
        #expect(run.changes.map(\.reason) == [.warpingFails])
    }

    /// What is not there is shown to nobody until another look has agreed.
    @Test func whatIsWrongIsNotWaitedFor() {
        var run = Run()
        run.look(0.45, 0.2, isSourceUnderWay: true)
        #expect(run.aside.means == .stream)
        #expect(run.changes.map(\.reason) == [.warpingFails])
    }

    @Test func oneLookIsEnoughWhereTheStreamIsNearer() {
        var run = Run()
        run.look(0.35, 0.3)
        #expect(run.aside.means == .keypoints)
        run.look(0.35, 0.2)
        #expect(run.aside.means == .stream)
    }

    @Test func whatIsWrongStandsWhereTheStreamIsNoBetter() {
        var run = Run()
        run.look(0.45, 0.5, rate: 4)
        #expect(run.aside.means == .waiting && run.aside.isUndecided)
        #expect(!run.aside.isMarked(at: run.time))
        // It was for a moment only.
        run.look(0.2, 0.5, rate: 4)
        #expect(run.aside.means == .keypoints && !run.aside.isUndecided)
        run.look(0.45, 0.5, rate: 4, count: 2)
        #expect(run.aside.means == .still)
        #expect(
            run.changes.map(\.reason) == [.warpingFails, .sameScene, .warpingFails, .noRoom])
    }

    /// A room that somebody has left has little detail: its distance is no longer that of something wrong, nor is
    /// it near, and the stream's few bits are hardly nearer.
    @Test func whatWasWrongIsNotShownForBeingALittleNearer() {
        var run = Run()
        run.look(0.44, 0.38, rate: 4)
        #expect(run.aside.means == .waiting)
        run.look(0.39, 0.33, rate: 4)
        #expect(run.aside.means == .stream)
        // Nor does it come back so.
        run.look(0.38, 0.4, count: 6)
        #expect(run.aside.means == .stream)
        run.look(0.3, 0.3, count: 3)
        #expect(run.aside.means == .keypoints)
        // Without room for a stream it stands, and is marked.
        run.look(0.44, 0.38, rate: 1)
        run.look(0.39, 0.33, rate: 1)
        #expect(run.aside.means == .still && run.aside.isMarked(at: run.time))
        run.look(0.39, 0.33, rate: 1, count: 6)
        #expect(run.aside.means == .still)
        run.look(0.3, 0.33, rate: 1, count: 3)
        #expect(run.aside.means == .keypoints)
    }

    /// Few bits seem as far as something wrong, and the next ones are nearer; an old picture never is.
    @Test(arguments: [4.0, 8.0])
    func whatIsWrongIsStreamedWhereThereIsRoom(rate: Double) {
        var run = Run()
        run.look(0.45, 0.5, rate: rate)
        #expect(run.aside.means == (rate > 6 ? .stream : .waiting))
        // The same where it was waited for.
        var other = Run()
        other.cut()
        other.look(0.36, 0.36, rate: rate)
        #expect(other.aside.means == (rate > 6 ? .stream : .still))
    }

    @Test func anotherLookIsWantedSoonWhereOneIsNotEnough() {
        var run = Run()
        #expect(!run.aside.isUndecided)
        run.look(0.32, 0.2)
        #expect(run.aside.isUndecided)
        run.look(0.1, 0.2)
        #expect(!run.aside.isUndecided)
        run.cut()
        #expect(run.aside.isUndecided)
        run.look(0.6, 0.3, rate: 4, isNewScene: true)
        // Now it is its source that is waited for.
        #expect(!run.aside.isUndecided)
    }

    @Test func aSourceOnItsWayGetsTime() {
        var run = Run()
        run.look(0.32, 0.2, count: 2, isSourceUnderWay: true)
        #expect(run.aside.means == .keypoints)
        run.look(0.32, 0.2, isSourceUnderWay: true)
        #expect(run.aside.means == .stream)
    }

    @Test func warpingComesBackAndNotTooSoon() {
        var run = Run()
        run.look(0.32, 0.2, count: 2)
        #expect(run.aside.means == .stream)
        run.look(0.1, 0.2, count: 2)
        #expect(run.aside.means == .stream)
        run.look(0.1, 0.2)
        #expect(run.aside.means == .keypoints)
        #expect(run.changes.last?.reason == .warpingWorks)
    }

    @Test func warpingThatIsNoBetterComesBackMoreSlowly() {
        var run = Run()
        run.look(0.32, 0.2, count: 2)
        run.look(0.24, 0.2, count: 3)
        #expect(run.aside.means == .stream)
        run.look(0.24, 0.2)
        #expect(run.aside.means == .keypoints)
    }

    @Test func aStreamThatIsAsBadIsNoReasonToWarpWhatIsWrong() {
        var run = Run()
        run.look(0.5, 0.2, count: 2)
        run.look(0.5, 0.5, count: 9)
        #expect(run.aside.means == .stream)
    }

    /// Whatever the looks say, two changes of the means lie apart.
    @Test func itNeverComesAndGoes() {
        for seed in 0..<20 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            var run = Run()
            for _ in 0..<400 { run.look(random.unit() * 0.6, random.unit() * 0.5) }
            for (first, second) in zip(run.changes, run.changes.dropFirst())
            where first.to == .stream {
                #expect(second.at - first.at >= 1)
            }
        }
    }

    @Test func aCutWaitsForItsSource() {
        var run = Run()
        run.look(0.1, count: 3)
        run.cut()
        #expect(run.aside.means == .waiting)
        #expect(!run.aside.isMarked(at: run.time))
        run.look(0.6, 0.3, rate: 4, isNewScene: true)
        run.look(0.6, 0.3, rate: 4)
        #expect(run.aside.means == .waiting)
        #expect(run.aside.isMarked(at: run.time + .seconds(1)))
        run.sourceArrives()
        #expect(run.aside.means == .keypoints)
        #expect(run.changes.map(\.reason) == [.cut, .newSource])
    }

    @Test func aLookThatTakesLongIsNotWaitedFor() {
        var run = Run()
        run.look(0.1)
        run.cut()
        let (rate, slow) = (Bitrate(kilobitsPerSecond: 12), Bitrate(kilobitsPerSecond: 4))
        let changes = [
            run.aside.wait(at: run.time + .milliseconds(480), rate: rate),
            run.aside.wait(at: run.time + .milliseconds(600), rate: slow),
            run.aside.wait(at: run.time + .milliseconds(600), rate: rate),
            run.aside.wait(at: run.time + .seconds(1), rate: rate),
        ]
        #expect(changes.map { $0?.to } == [nil, nil, .stream, nil])
    }

    @Test func aCutThatIsNoneGoesOnAtOnce() {
        var run = Run()
        run.cut()
        run.look(0.1)
        #expect(run.changes.map(\.reason) == [.cut, .sameScene])
    }

    @Test func aSourceThatTakesTooLongIsNotWaitedFor() {
        var run = Run()
        run.cut()
        run.look(0.6, 0.3, rate: 4, isNewScene: true)
        run.look(0.6, 0.3, rate: 4, count: 4)
        #expect(run.aside.means == .stream)
        // It comes all the same, and is not warped before looks say so.
        run.sourceArrives()
        #expect(run.aside.means == .stream)
    }

    @Test func aSceneSeenByALookWaits() {
        var run = Run()
        run.look(0.1)
        run.look(0.7, rate: 4, isNewScene: true)
        #expect(run.aside.means == .waiting)
    }

    @Test func theStreamShowsASceneUntilItsSourceIsThere() {
        var run = Run()
        run.look(0.1)
        run.cut()
        run.look(0.7, isNewScene: true)
        #expect(run.aside.means == .stream)
        run.look(0.7, 0.2)
        run.sourceArrives()
        // What is warped from it is seen first.
        #expect(run.aside.means == .stream)
        run.look(0.1, 0.2, count: 4)
        #expect(run.aside.means == .keypoints)
        #expect(run.changes.map(\.reason) == [.cut, .newScene, .warpingWorks])
    }

    @Test func withoutRoomAMarkedStillStands() {
        var run = Run()
        run.look(0.3, 0.1, rate: 1, count: 4)
        // Bad, but no wrong face.
        #expect(run.aside.means == .keypoints)
        run.look(0.5, 0.1, rate: 1, count: 2)
        #expect(run.aside.means == .still && run.aside.isMarked(at: run.time))
        #expect(run.changes.last?.reason == .noRoom)
        // Room comes.
        run.look(0.5, 0.1, rate: 8)
        #expect(run.aside.means == .stream)
    }

    @Test func stillsOnlyWhereStillsAreWished() {
        var run = Run(.still)
        run.look(0.5, 0.1, count: 2)
        #expect(run.aside.means == .still)
        run.look(0.2, count: 6)
        #expect(run.aside.means == .keypoints)
    }

    @Test func nothingWhereNothingIsWished() {
        var run = Run(.off)
        run.cut()
        run.look(0.9, 0.1, count: 9, isNewScene: true)
        #expect(run.changes.isEmpty && run.aside.means == .keypoints)
    }

    @Test func whatWasNotRehearsedDecidesNothing() {
        var run = Run()
        run.look(nil, 0.1, count: 9)
        #expect(run.changes.isEmpty)
    }

    @Test func anOldLookIsPast() {
        var run = Run()
        run.look(0.1, count: 2)
        let old = AsideLook(
            time: .zero, warped: 0.9, streamed: 0, rate: Bitrate(kilobitsPerSecond: 20),
            isNewScene: true, isSourceUnderWay: false)
        let change = run.aside.take(old)
        #expect(change == nil)
    }
}
