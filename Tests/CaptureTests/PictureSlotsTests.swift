import Media
import Testing

import Capture

@Suite struct PictureSlotsTests {
    /// The places of pictures with these stamps, and the count at the end.
    private func places(_ stamps: [Int64?], interval: Int64? = 40_000) -> ([Int], Int) {
        var slots = PictureSlots(rate: .standard)
        let places = stamps.map { slots.place(stamp: $0, interval: interval) }
        return (places, slots.count)
    }

    @Test func theSameRateKeepsEveryPicture() {
        let (found, count) = places((0..<100).map { $0 * 40_000 + 1_234_567 })
        #expect(found == Array(0..<100))
        #expect(count == 100)
    }

    @Test func thirtyASecondLoseEverySixth() {
        let (found, count) = places((0..<300).map { $0 * 1_000_000 / 30 }, interval: 33_333)
        #expect(Set(found) == Set(0..<250))
        #expect(count == 250)
        #expect(zip(found, found.dropFirst()).allSatisfy { $1 - $0 <= 1 })
    }

    @Test func tenASecondAreHeld() {
        let (found, count) = places((0..<10).map { $0 * 100_000 }, interval: 100_000)
        #expect(found == [0, 3, 5, 8, 10, 13, 15, 18, 20, 23])
        #expect(count == 25)
    }

    @Test func missingStampsFollowTheInterval() {
        #expect(places([nil, nil, nil, nil]).0 == [0, 1, 2, 3])
        #expect(places([0, nil, nil, 120_000, 160_000]).0 == [0, 1, 2, 3, 4])
        #expect(places([nil, nil, nil], interval: nil).0 == [0, 1, 2])
    }

    @Test func jumpsOfTheClockAreNoGaps() {
        let hour: Int64 = 3_600_000_000
        #expect(places([0, 40_000, hour, hour + 40_000]).0 == [0, 1, 2, 3])
        #expect(places([hour, hour + 40_000, 0, 40_000]).0 == [0, 1, 2, 3])
    }

    @Test func disorderNeverGoesBack() {
        #expect(places([0, 80_000, 40_000, 120_000]).0 == [0, 2, 2, 3])
    }

    @Test(arguments: [
        [Int64.min, .max, .min, 0, .max], [.max, .max, .min, nil, .max], [0, .max, nil, .max],
    ])
    func extremeStampsStayInOrder(stamps: [Int64?]) {
        for interval in [Int64.min, -1, 0, 1, .max] {
            let (found, count) = places(stamps, interval: interval)
            #expect(zip(found, found.dropFirst()).allSatisfy { $0 <= $1 })
            #expect(count > found.last ?? 0)
            #expect(count < 10_000)
        }
    }
}
