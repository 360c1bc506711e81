import CSDL2
import Media
import Synchronization

/// What a window's thread and its users tell each other.
final class WindowState: Sendable {
    private struct Contents {
        var newest: VideoFrame?
        var mustEnd = false
        var isRunning = false
        var isClosed = false
    }

    private let contents = Mutex(Contents())

    /// Whether the window is no more, or is about to be.
    var isClosed: Bool { contents.withLock { $0.isClosed } }

    /// Whether the users want the window gone.
    var mustEnd: Bool { contents.withLock { $0.mustEnd } }

    /// Leaves a picture for the window, in place of one that was not drawn yet.
    func offer(_ frame: VideoFrame) {
        contents.withLock { contents in
            contents.newest = frame
            // Under the lock, so that SDL cannot be shut down meanwhile.
            if contents.isRunning { csdl_wake() }
        }
    }

    /// Takes the newest picture, once.
    func take() -> VideoFrame? {
        contents.withLock { contents in
            defer { contents.newest = nil }
            return contents.newest
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
