import Media
import Session
import Testing

@Suite struct CallPlanTests {
    private static func plan(_ kilobits: Double, hasSound: Bool = true) throws -> CallPlan {
        try #require(
            CallPlan(rate: Bitrate(kilobitsPerSecond: kilobits), hasSound: hasSound))
    }

    @Test func theProductsRateHoldsVoiceAndAllPictures() throws {
        let plan = try Self.plan(12.2)
        #expect(plan.picturesPerDatagram == 3 && plan.pictureStride == 1)
        #expect(plan.interval == .milliseconds(120) && plan.ticksPerDatagram == 6)
        #expect(plan.voiceBitrate == 6000)
        #expect(plan.shortfalls.isEmpty)
    }

    @Test func moreRateBuysLessDelayAndFinerThings() throws {
        let plans = try [12.2, 16, 24, 32, 64, 200].map { try Self.plan($0) }
        for (richer, poorer) in zip(plans.dropFirst(), plans) {
            #expect(richer.interval <= poorer.interval)
            #expect(richer.keypointStep <= poorer.keypointStep)
            #expect(richer.sourceQuantizer <= poorer.sourceQuantizer)
            #expect(try #require(richer.voiceBitrate) >= #require(poorer.voiceBitrate))
            #expect(richer.shortfalls.isEmpty)
        }
        #expect(plans.last?.interval == .milliseconds(40))
    }

    @Test func whatDoesNotFitIsSaid() throws {
        #expect(try Self.plan(9).shortfalls == [.fewerPictures(every: 3)])
        #expect(try Self.plan(9).sentPicturesPerDatagram == 2)
        #expect(try Self.plan(8).voiceBitrate == 5000)
        #expect(try Self.plan(7.7).shortfalls == [.noPictures])
        #expect(try Self.plan(7.7).sentPicturesPerDatagram == 0)
        #expect(try Self.plan(7.7).voiceBitrate == 5000)
        #expect(try Self.plan(5).shortfalls.first == .noSound)
        #expect(try Self.plan(5, hasSound: false).shortfalls.isEmpty)
        #expect(CallPlan(rate: Bitrate(kilobitsPerSecond: 3.9), hasSound: true) == nil)
        #expect(CallPlan(rate: Bitrate(bitsPerSecond: .nan), hasSound: true) == nil)
        #expect(CallPlan(rate: Bitrate(bitsPerSecond: .infinity), hasSound: true) == nil)
    }

    /// Pictures that move are at most 120 ms apart: a longer time between two is a freeze.
    @Test func movingPicturesAreNotFarApart() throws {
        for hectobits in 40...400 {
            for hasSound in [true, false] {
                let promised = try Self.plan(Double(hectobits) / 10, hasSound: hasSound)
                for plan in [promised, try #require(promised.changed(to: promised.rate))] {
                    #expect(plan.pictureStride <= 3)
                    guard plan.pictureStride > 0 else { continue }
                    #expect(plan.picturesPerDatagram.isMultiple(of: plan.pictureStride))
                }
            }
        }
    }

    @Test(arguments: 1...120)
    func anyPictureRateHasAPlan(rate: Int) throws {
        let pictureRate = try #require(PictureRate(picturesPerSecond: rate))
        for kilobits in [4, 8, 12.2, 24, 100] {
            let plan = try #require(
                CallPlan(
                    rate: Bitrate(kilobitsPerSecond: kilobits), pictureRate: pictureRate,
                    hasSound: true))
            #expect((1...16).contains(plan.picturesPerDatagram))
            #expect(plan.ticksPerDatagram >= 1)
            #expect(plan.interval > .zero)
        }
    }
}
