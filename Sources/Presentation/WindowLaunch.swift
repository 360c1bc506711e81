import Dispatch
import Glibc
import Media
import Synchronization

/// The start of a window's thread: what it needs, and how it went.
final class WindowLaunch: Sendable {
    private let title: String
    private let size: PictureSize
    private let scale: Int
    private let state: WindowState
    private let ended: DispatchSemaphore
    private let started = DispatchSemaphore(value: 0)
    private let failure = Mutex<PresentationError?>(nil)

    init(
        title: String, size: PictureSize, scale: Int, state: WindowState, ended: DispatchSemaphore
    ) {
        self.title = title
        self.size = size
        self.scale = scale
        self.state = state
        self.ended = ended
    }

    /// Starts the thread, waits until the window is there, and says what went wrong, if anything.
    func start() -> PresentationError? {
        var thread = pthread_t()
        let launch = unsafe Unmanaged.passRetained(self)
        let status = unsafe pthread_create(
            &thread, nil,
            { launch in
                guard let launch = unsafe launch else { return nil }
                unsafe Unmanaged<WindowLaunch>.fromOpaque(launch).takeRetainedValue().run()
                return nil
            }, launch.toOpaque())
        guard status == 0 else {
            unsafe launch.release()
            return .noWindow(reason: unsafe String(cString: strerror(status)))
        }
        pthread_detach(thread)
        started.wait()
        return failure.withLock { $0 }
    }

    /// The whole life of the window, on its thread.
    private func run() {
        defer { ended.signal() }
        do throws(PresentationError) {
            let window = try Window(title: title, size: size, scale: scale)
            state.didStart()
            started.signal()
            window.run(state)
            state.willStop()
            // Not before: the window goes away here, and SDL with it.
            _ = consume window
        } catch {
            failure.withLock { $0 = error }
            state.willStop()
            started.signal()
        }
    }
}
