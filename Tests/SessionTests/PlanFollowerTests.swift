import Media
import Session
import Testing
import WireFormat

/// Plans that follow what a link carries, given as numbers.
@Suite struct PlanFollowerTests {
    /// What the link carries for so long, told each 100 ms.
    private static func follow(
        _ follower: inout PlanFollower, _ kilobits: Double, for seconds: Int,
        from now: inout Instant
    ) {
        for _ in 0..<seconds * 10 {
            follower.take(Bitrate(kilobitsPerSecond: kilobits), at: now)
            _ = follower.next(for: PictureNumber(0), at: now)
            now = now.advanced(by: .milliseconds(100))
        }
    }

    private static func follower(_ kilobits: Double, hasSound: Bool = true) throws -> PlanFollower {
        let plan = try #require(
            CallPlan(rate: Bitrate(kilobitsPerSecond: kilobits), hasSound: hasSound))
        return PlanFollower(plan, start: CallPlan.startingRate)
    }

    @Test func lessIsTakenAtOnceAndMoreAfterAWhile() throws {
        var (follower, now) = (try Self.follower(24), Instant.zero)
        #expect(follower.plan.rate.kilobitsPerSecond <= 12.2)
        Self.follow(&follower, 24, for: 1, from: &now)
        #expect(follower.plan.rate.kilobitsPerSecond <= 12.2)
        Self.follow(&follower, 24, for: 2, from: &now)
        #expect(follower.plan.rate.kilobitsPerSecond == 24)
        follower.take(Bitrate(kilobitsPerSecond: 9.5), at: now)
        #expect(follower.next(for: PictureNumber(1), at: now) == nil)
        #expect(follower.next(for: PictureNumber(6), at: now)?.rate.kilobitsPerSecond ?? 24 <= 9.5)
    }

    /// A call that has sound keeps it and leaves its pictures out.
    @Test func soundStaysWherePicturesDoNotFit() throws {
        for promised in [9.0, 12.2, 24, 64] {
            var (follower, now) = (try Self.follower(promised), Instant.zero)
            Self.follow(&follower, 4, for: 1, from: &now)
            #expect(follower.plan.pictureStride == 0)
            #expect(follower.plan.voiceBitrate == 5000)
            Self.follow(&follower, promised, for: 3, from: &now)
            #expect(follower.plan.pictureStride > 0)
        }
    }
}
