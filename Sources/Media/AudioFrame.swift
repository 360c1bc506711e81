/// Sound: one channel, ``samplesPerSecond`` values a second, with the time of the first one.
public struct AudioFrame: Hashable, Sendable {
    /// When the first sample was taken.
    public var time: MediaTime
    /// The samples, −1…1; louder ones are clipped where they are played.
    public var samples: [Float]

    /// The only rate that sound has here: Opus's own (RFC 6716, section 2).
    public static let samplesPerSecond = 48_000

    /// Makes sound that starts at `time`.
    public init(time: MediaTime, samples: [Float]) {
        self.time = time
        self.samples = samples
    }

    /// The number of the first sample, where sample 0 is at time zero.
    public var firstSample: Int { time.sample }

    /// The number after the last sample.
    public var endSample: Int { firstSample + samples.count }
}
