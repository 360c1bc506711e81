package import Media

/// Gives each picture of a source, whatever its timestamps, a place among pictures at a fixed rate.
///
/// A picture's place is the nearest one to its time since the first picture. Times that are missing
/// or jump are replaced by the picture before and how long that lasts.
package struct PictureSlots {
    private let rate: PictureRate
    private var lastStamp: Int64?
    private var lastInterval: Int64 = 0
    private var elapsed: Int64?

    /// A gap longer than this, in microseconds, is a jump of the clock and not a still picture.
    package static let longestGap: Int64 = 10_000_000
    /// Going back by less than this is disorder: the picture belongs where there already is one.
    package static let longestDisorder: Int64 = 1_000_000

    package init(rate: PictureRate) { self.rate = rate }

    /// The place of the next picture of the source, never before that of the last one.
    ///
    /// - Parameters:
    ///   - stamp: the source's timestamp in microseconds, nil where there is none.
    ///   - interval: how long the picture lasts in microseconds, nil where that is not known.
    package mutating func place(stamp: Int64?, interval: Int64?) -> Int {
        defer { lastInterval = Self.sane(interval) ?? rate.interval.wholeMicroseconds }
        guard let elapsed else {
            elapsed = 0
            lastStamp = stamp
            return 0
        }
        var step = lastInterval
        if let stamp, let lastStamp {
            let (difference, overflow) = stamp.subtractingReportingOverflow(lastStamp)
            if !overflow, (0...Self.longestGap).contains(difference) {
                step = difference
            } else if !overflow, (-Self.longestDisorder..<0).contains(difference) {
                return slot(at: elapsed)
            }
            self.lastStamp = stamp
        } else {
            lastStamp = stamp ?? lastStamp.map { $0 &+ step }
        }
        self.elapsed = elapsed + step
        return slot(at: elapsed + step)
    }

    /// How many places there are, once the last picture has been shown for as long as it lasts.
    package var count: Int {
        guard let elapsed else { return 0 }
        return max(slot(at: elapsed) + 1, slot(at: elapsed + lastInterval))
    }

    private func slot(at elapsed: Int64) -> Int {
        Int((elapsed * Int64(rate.picturesPerSecond) + 500_000) / 1_000_000)
    }

    private static func sane(_ interval: Int64?) -> Int64? {
        interval.flatMap { (1...longestGap).contains($0) ? $0 : nil }
    }
}
