import Synchronization

/// A request, from any thread, that a ``VideoReader`` stop waiting and end.
public final class Interruption: Sendable {
    private let requested = Atomic(false)

    /// Makes one that is not requested yet.
    public init() {}

    /// Ends the opening, or the stream, of each reader that holds this; calling it again does nothing.
    public func request() { requested.store(true, ordering: .relaxed) }

    /// Whether ``request()`` was called.
    public var isRequested: Bool { requested.load(ordering: .relaxed) }
}
