/// Which bytes of something are there: ascending ranges with gaps between them.
struct ByteRanges: Hashable, Sendable {
    private(set) var ranges: [Range<Int>] = []

    /// How many bytes are there.
    var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// Adds bytes; those that are there already stay.
    mutating func insert(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        var merged = range
        var others: [Range<Int>] = []
        for other in ranges {
            if other.upperBound < merged.lowerBound || other.lowerBound > merged.upperBound {
                others.append(other)
            } else {
                merged =
                    min(
                        merged.lowerBound, other.lowerBound)..<max(
                        merged.upperBound, other.upperBound)
            }
        }
        let place = others.firstIndex { $0.lowerBound > merged.lowerBound } ?? others.endIndex
        others.insert(merged, at: place)
        ranges = others
    }

    /// What of `whole` is not there, ascending.
    func gaps(in whole: Range<Int>) -> [Range<Int>] {
        var gaps: [Range<Int>] = []
        var place = whole.lowerBound
        for range in ranges where range.upperBound > place {
            if range.lowerBound >= whole.upperBound { break }
            if range.lowerBound > place { gaps.append(place..<range.lowerBound) }
            place = range.upperBound
        }
        if place < whole.upperBound { gaps.append(place..<whole.upperBound) }
        return gaps
    }
}
