import Dispatch
import Glibc
public import Media
import Synchronization

/// Shows pictures in a window over SDL2, the newest one always.
///
/// SDL must be used from one thread, so the window has one of its own: ``show(_:)`` leaves the picture
/// for it and returns at once. May be used from several tasks. One window at a time in a process.
///
/// With sound, each picture is shown when its sound is heard: the sound is the clock.
public final class WindowPresenter: SoundSink, Sendable {
    private let state = WindowState()
    private let size: PictureSize
    private let ended = DispatchSemaphore(value: 0)
    private let isFinished = Mutex(false)
    private let speaker = Mutex<Speaker?>(nil)

    /// Opens a window, `scale` times the size of the pictures; it can be resized and keeps the shape.
    ///
    /// - Throws: ``PresentationError/noWindow(reason:)`` where there is no display.
    public init(
        title: String, size: PictureSize = .standard, scale: Int = 2
    ) throws(PresentationError) {
        self.size = size
        let launch = WindowLaunch(
            title: title, size: size, scale: max(1, min(scale, 8)), state: state, ended: ended)
        if let failure = launch.start() { throw failure }
    }

    deinit { finish() }

    /// Whether the user closed the window or pressed Escape, or ``finish()`` was called.
    public var isClosed: Bool { state.isClosed }

    /// Hands the newest picture to the window.
    ///
    /// - Throws: ``PresentationError/wrongSize(expected:found:)``.
    public func show(_ frame: VideoFrame) throws(PresentationError) {
        guard frame.size == size else { throw .wrongSize(expected: size, found: frame.size) }
        state.offer(frame)
    }

    public func startSound() throws(PresentationError) {
        let opened = try Speaker()
        speaker.withLock { $0 = opened }
        state.follow(opened)
    }

    public func play(_ sound: AudioFrame) { speaker.withLock { $0 }?.play(sound) }

    /// Closes the window and waits until it is gone.
    public func finish() {
        let isFirst = isFinished.withLock { finished in
            defer { finished = true }
            return !finished
        }
        guard isFirst else { return }
        speaker.withLock { $0 }?.finish()
        state.end()
        ended.wait()
    }
}
