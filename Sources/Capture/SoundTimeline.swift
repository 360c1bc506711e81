package import Media

/// Lays pieces of sound, whatever their time stamps, on a time line without gaps.
package struct SoundTimeline {
    /// The number of the first sample that was not taken.
    package private(set) var start = 0
    private var waiting: [Float] = []

    /// Stamps are rounded, and clocks differ a little: 10 ms are no gap.
    package static let tolerance = AudioFrame.samplesPerSecond / 100
    /// A gap longer than this is a jump of the clock and not silence: ten seconds, as for pictures.
    package static let longestGap = 10 * AudioFrame.samplesPerSecond
    /// Going back by less than this is an overlap, by more a jump.
    package static let longestOverlap = AudioFrame.samplesPerSecond

    package init() {}

    /// The number after the last sample.
    package var end: Int { start + waiting.count }

    /// Adds sound.
    ///
    /// - Parameter place: the number of its first sample; nil where it follows what is there.
    package mutating func add(_ samples: [Float], at place: Int?) {
        let gap = (place ?? end) - end
        switch gap {
        case (Self.tolerance + 1)...Self.longestGap:
            waiting += [Float](repeating: 0, count: gap)
            waiting += samples
        case -Self.longestOverlap ..< -Self.tolerance:
            waiting += samples.dropFirst(-gap)
        default: waiting += samples
        }
    }

    /// Adds silence up to a sample, where the sound is known to lack.
    package mutating func fill(until end: Int) {
        guard end > self.end, end - self.end <= Self.longestGap else { return }
        waiting += [Float](repeating: 0, count: end - self.end)
    }

    /// Takes the sound up to a sample, as far as it is there; nothing where there is none.
    package mutating func take(until end: Int) -> AudioFrame? {
        let count = min(end - start, waiting.count)
        guard count > 0 else { return nil }
        defer {
            waiting.removeFirst(count)
            start += count
        }
        return AudioFrame(time: MediaTime(sample: start), samples: Array(waiting.prefix(count)))
    }
}
