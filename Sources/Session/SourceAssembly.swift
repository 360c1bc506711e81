import Media
import WireFormat

/// A source that is being put together from its fragments; never given out before it is whole.
struct SourceAssembly: Sendable {
    private(set) var bytes: [UInt8]
    private(set) var arrived: [Bool]

    init(length: Int) {
        bytes = Array(repeating: 0, count: length)
        arrived = Array(
            repeating: false, count: SourceFragmentFrame.count(forSourceLength: length))
    }

    var isComplete: Bool { arrived.allSatisfy { $0 } }

    /// Puts a fragment in its place.
    ///
    /// - Returns: whether it was new; false also where it does not fit what came before.
    mutating func insert(_ fragment: SourceFragmentFrame) -> Bool {
        guard
            fragment.sourceLength == bytes.count, arrived.indices.contains(fragment.index),
            !arrived[fragment.index]
        else { return false }
        let range = SourceFragmentFrame.range(
            ofFragment: fragment.index, sourceLength: fragment.sourceLength)
        guard fragment.bytes.count == range.count else { return false }
        bytes.replaceSubrange(range, with: fragment.bytes)
        arrived[fragment.index] = true
        return true
    }
}
