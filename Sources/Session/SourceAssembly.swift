import Media
import WireFormat

/// A source that is being put together; never given out before it is whole and has the right hash.
struct SourceAssembly: Sendable {
    /// What came of some bytes.
    enum Outcome: Hashable, Sendable {
        /// There is more to come, or these were there already.
        case taken
        /// It is whole now.
        case complete
        /// They reach past the end.
        case refused
        /// All bytes are there and are not those that were offered: they are all forgotten.
        case corrupt
    }

    /// SHA-256's first bytes of the whole.
    let hash: [UInt8]
    private(set) var bytes: [UInt8]
    private(set) var held = ByteRanges()
    private(set) var isComplete = false

    init(_ offer: SourceOfferFrame) {
        hash = offer.hash
        bytes = Array(repeating: 0, count: offer.length)
    }

    /// Whether an offer is of the same content.
    func agrees(with offer: SourceOfferFrame) -> Bool {
        offer.hash == hash && offer.length == bytes.count
    }

    /// Puts bytes in their place; what is there already stays.
    mutating func insert(_ frame: SourceDataFrame) -> Outcome {
        let range = frame.offset..<frame.offset + frame.bytes.count
        guard range.upperBound <= bytes.count else { return .refused }
        guard !isComplete else { return .taken }
        for gap in held.gaps(in: range) {
            let part = gap.lowerBound - frame.offset..<gap.upperBound - frame.offset
            bytes.replaceSubrange(gap, with: frame.bytes[part])
        }
        held.insert(range)
        guard held.count == bytes.count else { return .taken }
        guard ContentHash.prefix(of: bytes, length: hash.count) == hash else {
            held = ByteRanges()
            return .corrupt
        }
        isComplete = true
        return .complete
    }
}
