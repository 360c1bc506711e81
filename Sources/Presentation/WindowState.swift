import CSDL2
import Media
import Synchronization

/// What a window's thread and its users tell each other.
///
/// Without sound the newest picture is shown at once; with sound, pictures wait until theirs is heard.
final class WindowState: Sendable {
    private struct Contents {
        /// Pictures that were not drawn yet, by time, and since when they wait.
        var waiting: [(frame: VideoFrame, since: ContinuousClock.Instant)] = []
        var speaker: Speaker?
        var mustEnd = false
        var isRunning = false
        var isClosed = false
    }

    private let contents = Mutex(Contents())

    /// Whether the window is no more, or is about to be.
    var isClosed: Bool { contents.withLock { $0.isClosed } }

    /// Whether the users want the window gone.
    var mustEnd: Bool { contents.withLock { $0.mustEnd } }

    /// The longest that a picture waits for its sound, should that never come.
    private static let patience = Duration.milliseconds(400)
    /// The most pictures that wait: patience at 120 pictures a second.
    private static let largestCount = 48

    /// Shows pictures from now on when their sound is heard.
    func follow(_ speaker: Speaker) { contents.withLock { $0.speaker = speaker } }

    /// Whether a picture waits for its sound.
    var isWaiting: Bool { contents.withLock { !$0.waiting.isEmpty } }

    /// Leaves a picture for the window.
    func offer(_ frame: VideoFrame) {
        contents.withLock { contents in
            if contents.waiting.count >= Self.largestCount { contents.waiting.removeFirst() }
            contents.waiting.append((frame, .now))
            // Under the lock, so that SDL cannot be shut down meanwhile.
            if contents.isRunning { csdl_wake() }
        }
    }

    /// Takes the newest picture that is to be seen now, once.
    func take() -> VideoFrame? {
        contents.withLock { contents in
            let last = contents.waiting.lastIndex { frame, since in
                guard let speaker = contents.speaker else { return true }
                let isHeard = speaker.heard.map { frame.time <= $0 } ?? false
                return isHeard || since.duration(to: .now) > Self.patience
            }
            guard let last else { return nil }
            defer { contents.waiting.removeFirst(last + 1) }
            return contents.waiting[last].frame
        }
    }

    /// Asks the thread to end.
    func end() {
        contents.withLock { contents in
            contents.mustEnd = true
            if contents.isRunning { csdl_wake() }
        }
    }

    /// Said by the thread: SDL is up.
    func didStart() { contents.withLock { $0.isRunning = true } }

    /// Said by the thread before it shuts SDL down.
    func willStop() {
        contents.withLock { contents in
            contents.isRunning = false
            contents.isClosed = true
        }
    }
}
