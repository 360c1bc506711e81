import WireFormat

/// Which packet numbers have arrived, over the latest ones and in few ranges.
struct PacketNumbers: Sendable {
    /// Descending, with gaps between them.
    private(set) var ranges: [ClosedRange<UInt64>] = []
    /// How many different numbers have arrived.
    private(set) var count: UInt64 = 0

    /// Numbers further below the largest one are taken for seen.
    static let span: UInt64 = 256

    /// The largest one, if any.
    var largest: UInt64? { ranges.first?.upperBound }

    /// How many numbers up to the largest one have not arrived.
    var missing: Int { largest.map { Int($0 + 1 - min(count, $0 + 1)) } ?? 0 }

    /// The full number of a packet of which the low 16 bits have arrived.
    func expand(_ low: UInt16) -> UInt64 { LowBits.expand(low, near: largest.map { $0 + 1 } ?? 0) }

    /// Takes in a number.
    ///
    /// - Returns: false where it has arrived before or is too old to tell.
    mutating func insert(_ number: UInt64) -> Bool {
        if let largest, number + Self.span <= largest { return false }
        guard !ranges.contains(where: { $0.contains(number) }) else { return false }
        var merged = number...number
        var others: [ClosedRange<UInt64>] = []
        for range in ranges {
            if range.upperBound + 1 == number || range.lowerBound == number + 1 {
                merged =
                    min(
                        merged.lowerBound, range.lowerBound)...max(
                        merged.upperBound, range.upperBound)
            } else {
                others.append(range)
            }
        }
        let place = others.firstIndex { $0.upperBound < merged.lowerBound } ?? others.endIndex
        others.insert(merged, at: place)
        let newest = others[0].upperBound
        ranges = others.filter { $0.upperBound + Self.span > newest }
        count += 1
        return true
    }

    /// The acknowledgement of everything here; nothing where nothing has arrived.
    func acknowledgement(delay: Int, arrival: UInt16) -> AcknowledgementFrame? {
        guard let first = ranges.first else { return nil }
        let limit = WireConstants.largestAckSpan / 2
        let arrived = min(Int(first.upperBound - first.lowerBound) + 1, limit)
        var further: [AcknowledgementFrame.Range] = []
        var total = arrived
        var low = first.lowerBound
        if arrived < limit {
            for range in ranges.dropFirst().prefix(WireConstants.largestAckRangeCount) {
                let missing = Int(low - range.upperBound) - 1
                let count = min(
                    Int(range.upperBound - range.lowerBound) + 1, limit - total - missing)
                guard count > 0 else { break }
                further.append(.init(missing: missing, arrived: count))
                total += missing + count
                low = range.lowerBound
            }
        }
        return AcknowledgementFrame(
            largest: UInt16(truncatingIfNeeded: first.upperBound), delay: delay,
            arrival: arrival, arrived: arrived, ranges: further)
    }
}
