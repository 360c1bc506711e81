import CSDL2
public import Media
import Synchronization

/// Plays sound over SDL2, and tells which part of it is heard: the clock that pictures are shown by.
///
/// May be used from several tasks.
public final class Speaker: Sendable {
    private struct State {
        var isOpen = true
        var pace = SoundPace(target: Speaker.cushion)
        /// The number of the sample after the last one that was handed over.
        var end: Int?
    }

    private let device: SDL_AudioDeviceID
    private let blockLength: Int
    private let state = Mutex(State())

    /// What waits when new sound comes, in samples: 60 ms, for pieces that come a little late.
    private static let cushion = AudioFrame.samplesPerSecond * 60 / 1000
    /// The most that may wait: two seconds; what comes on top is left out.
    private static let largestQueue = 2 * AudioFrame.samplesPerSecond

    /// Opens the system's speaker.
    ///
    /// - Throws: ``PresentationError/noSpeaker(reason:)``.
    public init() throws(PresentationError) {
        // Some 10 ms: what a picture may be early or late by.
        var length: Int32 = 512
        device = unsafe csdl_open_speaker(Int32(AudioFrame.samplesPerSecond), &length)
        guard device != 0 else {
            let words = unsafe String(cString: SDL_GetError())
            throw .noSpeaker(reason: words.isEmpty ? "SDL found none" : words)
        }
        blockLength = Int(length)
    }

    deinit { finish() }

    /// Hands sound over; returns at once.
    public func play(_ sound: AudioFrame) {
        state.withLock { state in
            guard state.isOpen else { return }
            let queued = self.queued
            guard queued <= Self.largestQueue else { return }
            let samples = state.pace.fit(sound.samples, queued: queued)
            // Fails only without memory, when there is nothing better to do than go on.
            _ = unsafe samples.withUnsafeBytes {
                unsafe SDL_QueueAudio(device, $0.baseAddress, UInt32($0.count))
            }
            state.end = sound.endSample
        }
    }

    /// The time of what is heard now; nothing before the first sound.
    public var heard: MediaTime? {
        state.withLock { state in
            guard state.isOpen, let end = state.end else { return nil }
            // What SDL has taken out of the queue is being played, a block at a time.
            let queued = self.queued
            return MediaTime(sample: end - queued - (queued > 0 ? blockLength : 0))
        }
    }

    /// Falls silent and lets go of the speaker.
    public func finish() {
        state.withLock { state in
            guard state.isOpen else { return }
            state.isOpen = false
            csdl_close_speaker(device)
        }
    }

    /// Samples that wait in SDL.
    private var queued: Int {
        Int(SDL_GetQueuedAudioSize(device)) / MemoryLayout<Float>.size
    }
}
