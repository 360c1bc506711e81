import Capture
import Media
import Testing

@Suite struct SoundTimelineTests {
    private static let piece = [Float](repeating: 1, count: 1000)

    @Test func piecesFollowEachOther() throws {
        var line = SoundTimeline()
        line.add(Self.piece, at: 0)
        // A stamp that is a little off is no gap and no overlap.
        line.add(Self.piece, at: 1000 + SoundTimeline.tolerance)
        line.add(Self.piece, at: 2000 - SoundTimeline.tolerance)
        line.add(Self.piece, at: nil)
        #expect(line.end == 4000)
        let taken = (line.take(until: 1500), line.take(until: 9999))
        let first = try #require(taken.0)
        #expect(first.firstSample == 0 && first.samples.count == 1500)
        let second = try #require(taken.1)
        #expect(second.firstSample == 1500 && second.endSample == 4000)
        #expect(line.take(until: 9999) == nil)
        #expect(line.take(until: 0) == nil)
    }

    @Test func gapsAreSilentAndOverlapsAreCutOff() throws {
        var line = SoundTimeline()
        line.add(Self.piece, at: 0)
        line.add(Self.piece, at: 5000)
        line.add(Self.piece, at: 5400)
        #expect(line.end == 6400)
        let taken = line.take(until: 6400)
        let samples = try #require(taken).samples
        #expect(samples[..<1000].allSatisfy { $0 == 1 })
        #expect(samples[1000..<5000].allSatisfy { $0 == 0 })
        #expect(samples[5000...].allSatisfy { $0 == 1 })
    }

    @Test func jumpsOfTheClockAreNotBelieved() {
        var line = SoundTimeline()
        for place in [0, 100_000_000, -100_000_000, 4_000_000, .max / 2] {
            line.add(Self.piece, at: place)
        }
        #expect(line.end == 5000)
    }
}
