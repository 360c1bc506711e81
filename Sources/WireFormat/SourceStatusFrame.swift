public import Media

/// Which bytes of a source the receiver holds (`Protocol/feedback.md`, section 2).
public struct SourceStatusFrame: Hashable, Sendable {
    /// The source.
    public let source: SourceIdentifier
    /// The bytes, in ascending ranges with gaps between them, at most
    /// ``WireConstants/largestHeldRangeCount``.
    public let held: [Range<Int>]

    /// Makes a frame from values that the caller knows to be in range.
    public init(source: SourceIdentifier, held: [Range<Int>]) {
        self.source = source
        self.held = held
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        source = try SourceIdentifier(parsing: bytes, at: &cursor)
        let count = try cursor.integer(
            bytes, in: 0...UInt64(WireConstants.largestHeldRangeCount), .heldRangeCount)
        let largest = UInt64(WireConstants.largestSource)
        var held: [Range<Int>] = []
        for index in 0..<count {
            let gap = try cursor.integer(bytes, in: (index == 0 ? 0 : 1)...largest, .heldRange)
            let length = try cursor.integer(bytes, in: 1...largest, .heldRange)
            let start = (held.last?.upperBound ?? 0) + Int(gap)
            guard start + Int(length) <= WireConstants.largestSource else {
                throw .valueOutOfRange(field: .heldRange, value: UInt64(start) + length)
            }
            held.append(start..<start + Int(length))
        }
        self.held = held
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: UInt64(source.rawValue))
        bytes.append(integer: UInt64(held.count))
        var end = 0
        for range in held {
            bytes.append(integer: UInt64(range.lowerBound - end))
            bytes.append(integer: UInt64(range.count))
            end = range.upperBound
        }
    }
}
