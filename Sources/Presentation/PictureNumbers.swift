import Media

/// Turns picture times into numbers at a fixed rate that start at zero and always grow.
struct PictureNumbers {
    private let rate: PictureRate
    private var first: MediaTime?
    private var last: Int?

    init(rate: PictureRate) { self.rate = rate }

    /// Makes a time number zero, where no picture has come yet.
    mutating func begin(at time: MediaTime) { first = first ?? time }

    /// The number of the next picture: the nearest to its time since the first one, or the number
    /// after the last where that is taken.
    mutating func number(at time: MediaTime) -> Int {
        let first = self.first ?? time
        self.first = first
        let (elapsed, overflow) =
            time.microseconds.subtractingReportingOverflow(first.microseconds)
        // A day is longer than any call; beyond it a time is taken for a mistake.
        let sane = !overflow && (0...86_400_000_000).contains(elapsed)
        let nearest =
            sane ? Int((elapsed * Int64(rate.picturesPerSecond) + 500_000) / 1_000_000) : 0
        let number = max(nearest, last.map { $0 + 1 } ?? 0)
        last = number
        return number
    }
}
