import Foundation
import Media
import OpusCodec
import Synchronization

/// Reads a microphone on a thread of its own, places what it hears on the pictures' clock, and codes it.
final class LiveVoice {
    /// A piece of sound and when it had arrived.
    private struct Piece: Sendable {
        let samples: [Float]
        let arrival: Instant
    }

    private let pieces: AsyncStream<Piece>
    /// How sound is to be coded from now on, where somebody has said so.
    private let change = Mutex<(settings: VoiceSettings, groupTicks: Int)?>(nil)

    /// Starts to read; the thread ends with the source, or when this object is gone.
    ///
    /// From here on nobody else may touch the source.
    init(_ source: any LiveSoundSource, clock: SystemClock) {
        // A second: what waits longer is past.
        let (stream, continuation) = AsyncStream.makeStream(
            of: Piece.self, bufferingPolicy: .bufferingNewest(50))
        pieces = stream
        // The thread is the only one that touches the source from here on.
        nonisolated(unsafe) let source = source
        let thread = Thread {
            // A microphone that fails ends the sound and not the call.
            while let frame = try? unsafe source.next() {
                let piece = Piece(samples: frame.samples, arrival: clock.now)
                if case .terminated = continuation.yield(piece) { return }
            }
            continuation.finish()
        }
        thread.name = "microphone"
        thread.start()
    }

    /// Codes otherwise, from the next group on; may be called from another task than the coder's.
    func change(to settings: VoiceSettings, groupTicks: Int) {
        change.withLock { $0 = (settings, groupTicks) }
    }

    /// Codes what is heard from `start`, the instant of the first picture, until the task is cancelled.
    func run(
        from start: Instant, coder: VoiceStreamEncoder,
        to add: (CodedVoice) async -> Void
    ) async throws {
        var line = LiveSoundLine()
        var end = VoiceTick.zero
        for await piece in pieces {
            let heard = piece.arrival.since(start).seconds * Double(AudioFrame.samplesPerSecond)
            let place = line.place(piece.samples.count, end: Int(heard))
            let frame = AudioFrame(time: MediaTime(sample: place), samples: piece.samples)
            let change = self.change.withLock { change in
                defer { change = nil }
                return change
            }
            if let change { try coder.change(to: change.settings, groupTicks: change.groupTicks) }
            for voice in try coder.encode(frame) {
                end = voice.end
                await add(voice)
            }
        }
        // No picture is to wait for sound that will not come.
        let rest = Int(UInt32.max) - Int(end.rawValue)
        if let silence = CodedVoice(silentFrom: end, ticks: rest) { await add(silence) }
    }
}

/// Tells where pieces of live sound begin: one follows the other, as long as that agrees with the clock.
package struct LiveSoundLine {
    private var end: Int?

    /// Pieces come late by chance, and the microphone's clock is not the machine's: 60 ms.
    package static let tolerance = AudioFrame.samplesPerSecond * 60 / 1000

    package init() {}

    /// The number of the first sample of a piece of so many samples whose last one was heard at `end`.
    package mutating func place(_ count: Int, end heard: Int) -> Int {
        var start = heard - count
        if let end, abs(start - end) <= Self.tolerance { start = end }
        end = start + count
        return start
    }
}
