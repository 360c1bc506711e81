import Media

/// Keeps the sound that waits for a speaker near an amount, by making it a little longer or shorter.
///
/// The sender's clock and the speaker's differ by up to some 100 parts in a million, which would
/// otherwise empty the queue or let it grow without end.
package struct SoundPace {
    /// How many samples are to wait when more come.
    private let target: Int
    /// A mean over some 16 pieces.
    private var mean: Double?

    /// 0.5 %: faster than any clock drifts, and too little to be heard in a voice.
    package static let largestChange = 0.005
    /// How far from the target the queue is left alone, in samples: 20 ms.
    package static let slack = AudioFrame.samplesPerSecond / 50

    package init(target: Int) { self.target = target }

    /// Sound as it goes to a speaker for which `queued` samples wait.
    package mutating func fit(_ samples: [Float], queued: Int) -> [Float] {
        guard queued > 0, samples.count > 1 else {
            // At the start, and where the queue ran dry, there is a new cushion ahead.
            mean = nil
            return [Float](repeating: 0, count: target) + samples
        }
        let mean = self.mean.map { $0 + (Double(queued) - $0) / 16 } ?? Double(queued)
        self.mean = mean
        let excess = mean - Double(target)
        if excess > Double(Self.slack) { return stretched(samples, by: 1 - Self.largestChange) }
        if excess < -Double(Self.slack) { return stretched(samples, by: 1 + Self.largestChange) }
        return samples
    }

    private func stretched(_ samples: [Float], by factor: Double) -> [Float] {
        let count = Int((Double(samples.count) * factor).rounded())
        guard count > 1 else { return samples }
        let step = Double(samples.count - 1) / Double(count - 1)
        return (0..<count).map { index in
            let place = Double(index) * step
            let left = min(Int(place), samples.count - 2)
            let share = Float(place - Double(left))
            return samples[left] * (1 - share) + samples[left + 1] * share
        }
    }
}
