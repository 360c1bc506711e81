import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and a polite kill into a clean end; the second one ends the process at once.
public final class StopSignal {
    private let sources: [any DispatchSourceSignal]
    /// The first signal.
    public let requests: AsyncStream<Void>

    /// Starts to listen for SIGINT and SIGTERM; a reader of a pipe that goes away is an error of that write, no signal.
    ///
    /// - Parameter first: called, on any thread, with the first signal: wakes what waits without a task.
    public init(first: @escaping @Sendable () -> Void = {}) {
        signal(SIGPIPE, SIG_IGN)
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        requests = stream
        let seen = SignalCount()
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if seen.increment() > 1 { _exit(128 + number) }
                first()
                continuation.yield()
            }
            source.resume()
            return source
        }
    }
}

private final class SignalCount: Sendable {
    private let count = Atomic<Int>(0)

    func increment() -> Int { count.add(1, ordering: .relaxed).newValue }
}
