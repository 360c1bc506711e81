import CSDL2
import Media
import Presentation
import Testing

/// Whether sound can be played without anybody hearing it: on SDL's driver that only takes time.
private let hasDummySound: Bool = {
    unsafe csdl_choose_speaker("dummy")
    return (try? Speaker()) != nil
}()

@Suite(
    .serialized, .timeLimit(.minutes(1)),
    .enabled(if: hasDummySound, "needs SDL's dummy sound driver"))
struct SpeakerTests {
    private static func tone(at sample: Int, count: Int) -> AudioFrame {
        AudioFrame(
            time: MediaTime(sample: sample), samples: [Float](repeating: 0.1, count: count))
    }

    @Test func soundIsHeardInItsOwnTime() async throws {
        let speaker = try Speaker()
        #expect(speaker.heard == nil)
        speaker.play(Self.tone(at: 96_000, count: 9600))
        let first = try #require(speaker.heard)
        // What was handed over just now is not heard yet.
        #expect(first < MediaTime(sample: 96_000))
        speaker.play(Self.tone(at: 105_600, count: 9600))
        var latest = first
        while let heard = speaker.heard, heard < MediaTime(sample: 115_200) {
            #expect(heard >= latest)
            latest = heard
            await Task.yield()
        }
        #expect(speaker.heard == MediaTime(sample: 115_200))
        speaker.finish()
        speaker.finish()
        #expect(speaker.heard == nil)
        speaker.play(Self.tone(at: 0, count: 100))
    }

    @Test func aBacklogIsBounded() throws {
        let speaker = try Speaker()
        for second in 0..<60 { speaker.play(Self.tone(at: second * 48_000, count: 48_000)) }
        // Two seconds wait, and at most one more; the clock goes with what was taken.
        let heard = try #require(speaker.heard)
        #expect(heard < MediaTime(sample: 4 * 48_000))
    }

    @Test func withoutASpeakerThereIsAReason() {
        unsafe csdl_choose_speaker("nonsense")
        defer { unsafe csdl_choose_speaker("dummy") }
        let error = #expect(throws: PresentationError.self) { _ = try Speaker() }
        guard case .noSpeaker(let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty)
    }
}
