import Media
import Presentation
import Testing

@Suite struct SoundPaceTests {
    /// A speaker that plays faster or slower than the sound comes, for ten minutes.
    private static func queue(drift: Double) -> (smallest: Double, largest: Double) {
        var pace = SoundPace(target: 2880)
        var queued = 0.0
        var smallest = Double.infinity
        var largest = 0.0
        let piece = [Float](repeating: 0, count: 5760)
        for index in 0..<5000 {
            if index > 100 {
                smallest = min(smallest, queued)
                largest = max(largest, queued)
            }
            queued += Double(pace.fit(piece, queued: Int(queued)).count)
            queued = max(0, queued - 5760 * (1 + drift))
        }
        return (smallest, largest)
    }

    @Test(arguments: [0, 100e-6, -100e-6, 1e-3, -1e-3])
    func theQueueNeitherEmptiesNorGrows(drift: Double) {
        let (smallest, largest) = Self.queue(drift: drift)
        // Twice the slack, in which it is left alone, either way.
        #expect(smallest > 2880 - 2 * Double(SoundPace.slack))
        #expect(largest < 2880 + 2 * Double(SoundPace.slack))
    }

    @Test func anEmptyQueueGetsACushion() {
        var pace = SoundPace(target: 100)
        #expect(pace.fit([1, 1], queued: 0) == [Float](repeating: 0, count: 100) + [1, 1])
        #expect(pace.fit([1, 1], queued: 100) == [1, 1])
    }

    @Test func whatIsStretchedKeepsItsShape() {
        var pace = SoundPace(target: 100)
        let ramp = (0..<1000).map { Float($0) / 1000 }
        let shorter = pace.fit(ramp, queued: 50_000)
        #expect(shorter.count == 995)
        #expect(shorter.first == 0)
        #expect(zip(shorter, shorter.dropFirst()).allSatisfy { $0 < $1 })
        #expect(abs((shorter.last ?? 0) - 0.999) < 1e-4)
    }
}
