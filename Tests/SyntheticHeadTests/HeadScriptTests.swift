import Media
import SyntheticHead
import Testing

@Suite("The motion of a rendered head")
struct HeadScriptTests {
    private static let script = HeadScript(seed: SyntheticHead.defaultSeed)

    /// Expressions and poses of two minutes, 100 a second.
    private static let times = (0..<12_000).map { MediaTime(microseconds: Int64($0) * 10_000) }

    @Test("blinks come 1.5 to 5.5 seconds apart and last under a third of a second")
    func blinks() {
        var starts: [Int] = []
        var closed = 0
        for (index, time) in Self.times.enumerated() {
            if Self.script.expression(at: time).blink > 0.5 {
                if closed == 0 { starts.append(index) }
                closed += 1
                #expect(closed < 33)
            } else {
                closed = 0
            }
        }
        #expect(starts.count > 25)
        for (a, b) in zip(starts, starts.dropFirst()) {
            #expect((150...550).contains(b - a))
        }
    }

    @Test("the mouth moves in bursts with pauses between")
    func speech() {
        let open = Self.times.map { Self.script.expression(at: $0).jawOpen }
        #expect(open.contains { $0 > 0.5 })
        var pause = 0
        var longest = 0
        for value in open {
            pause = value < 0.01 ? pause + 1 : 0
            longest = max(longest, pause)
        }
        #expect(longest > 50)
    }

    @Test("the head turns now and then, never beyond forty degrees, and never jumps")
    func turns() {
        let yaw = Self.times.map { Self.script.pose(at: $0).yaw }
        #expect(yaw.contains { abs($0) > 0.35 })
        #expect(yaw.allSatisfy { abs($0) < 0.71 })
        for (a, b) in zip(yaw, yaw.dropFirst()) { #expect(abs(a - b) < 0.05) }
    }

    @Test("nothing repeats within minutes")
    func endless() {
        let first = Self.times.prefix(500).map { Self.script.pose(at: $0) }
        for offset in stride(from: 1000, through: 11_000, by: 500) {
            let later = Self.times[offset..<(offset + 500)].map { Self.script.pose(at: $0) }
            #expect(first != later)
        }
    }

    @Test("another seed moves in another way")
    func seeds() {
        let other = HeadScript(seed: 2)
        let time = MediaTime(microseconds: 4_000_000)
        #expect(other.pose(at: time) != Self.script.pose(at: time))
    }
}
