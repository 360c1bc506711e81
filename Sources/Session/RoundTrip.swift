import Media

/// The time to the receiver and back, as acknowledgements tell it (RFC 9002, section 5).
struct RoundTrip: Sendable {
    /// A mean that forgets; nothing before the first sample.
    private(set) var smoothed: Duration?
    private var variation = Duration.zero

    /// Takes in the time from sending a packet to its acknowledgement.
    ///
    /// - Parameter delay: how long the receiver waited with it.
    mutating func add(_ time: Duration, delay: Duration) {
        let sample = delay < time ? time - delay : time
        guard sample >= .zero else { return }
        guard let smoothed else {
            smoothed = sample
            variation = sample / 2
            return
        }
        let difference = smoothed > sample ? smoothed - sample : sample - smoothed
        variation = (variation * 3 + difference) / 4
        self.smoothed = (smoothed * 7 + sample) / 8
    }

    /// How long after a later packet's acknowledgement one that was sent before is lost.
    var reordering: Duration { (smoothed ?? .milliseconds(250)) / 8 + .milliseconds(20) }

    /// How long to wait for any acknowledgement, beside what the receiver waits with it.
    var timeout: Duration {
        guard let smoothed else { return .seconds(1) }
        return smoothed + max(variation * 4, .milliseconds(20))
    }
}
