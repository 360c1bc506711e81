import Media
import WireFormat

/// A source on its way: which fragments have arrived, and when to send which again.
struct SourceTransfer: Sendable {
    let source: CodedSource
    private let timing: SessionTiming
    private var fragments: [Fragment]
    private var isAnnouncedComplete = false

    private struct Fragment: Sendable {
        var hasArrived = false
        /// When it may be sent (again); at once at the start.
        var due = Instant(nanoseconds: .min)
        var timeout: Duration
    }

    init(_ source: CodedSource, timing: SessionTiming) {
        self.source = source
        self.timing = timing
        let count = SourceFragmentFrame.count(forSourceLength: source.payload.count)
        fragments = Array(repeating: Fragment(timeout: timing.fragmentTimeout), count: count)
    }

    /// When the next fragment is due, if any has not arrived.
    var nextDue: Instant? { fragments.lazy.filter { !$0.hasArrived }.map(\.due).min() }

    /// The first fragment that is due, marked as sent.
    mutating func takeDueFragment(at now: Instant) -> SourceFragmentFrame? {
        guard let index = fragments.firstIndex(where: { !$0.hasArrived && $0.due <= now }) else {
            return nil
        }
        fragments[index].due = now.advanced(by: fragments[index].timeout)
        fragments[index].timeout = min(fragments[index].timeout * 2, timing.largestFragmentTimeout)
        return SourceFragmentFrame(of: source, index: index)
    }

    /// Takes in the receiver's statement; none means that it has nothing of this source.
    ///
    /// - Returns: whether the source is now complete and was not before.
    mutating func acknowledge(_ status: SourceStatus?) -> Bool {
        for index in fragments.indices {
            let arrived = status.map { $0.arrived.indices.contains(index) && $0.arrived[index] }
            fragments[index].hasArrived = arrived ?? false
        }
        let isComplete = fragments.allSatisfy(\.hasArrived)
        defer { isAnnouncedComplete = isComplete }
        return isComplete && !isAnnouncedComplete
    }
}
