import Synchronization
import VideoCoding

/// What a look came to, put here by the task that looked and taken by the one that sends.
final class LookResult: Sendable {
    private let result = Mutex<Result<SourceDirector.Outcome, CodecError>?>(nil)

    /// The look is over.
    func put(_ result: Result<SourceDirector.Outcome, CodecError>) {
        self.result.withLock { $0 = result }
    }

    /// What it came to; nothing while it is under way.
    var value: Result<SourceDirector.Outcome, CodecError>? { result.withLock { $0 } }
}
