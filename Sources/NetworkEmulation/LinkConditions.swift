public import Media

/// What an emulated link does to datagrams; the default is a perfect one.
public struct LinkConditions: Hashable, Sendable {
    /// Loss by a two-state model: probabilities per datagram.
    public struct Loss: Hashable, Sendable {
        /// Loss outside of bursts.
        public var outside = 0.0
        /// Loss inside a burst.
        public var inBurst = 1.0
        /// Chance that a burst starts.
        public var burstStart = 0.0
        /// Chance that a burst ends.
        public var burstEnd = 1.0

        /// No loss.
        public init() {}

        /// Independent loss with this probability.
        public init(random probability: Double) { outside = probability }
    }

    /// The least time from end to end.
    public var delay = Duration.zero
    /// Added to the delay: uniform between nothing and this.
    public var jitter = Duration.zero
    /// Loss.
    public var loss = Loss()
    /// The most bits a second, IPv4 and UDP headers counted; none is unlimited.
    public var rate: Bitrate?
    /// How much may queue before a rate-capped link drops.
    public var queue = DataSize(bytes: 16_000)
    /// Chance that a datagram is overtaken by later ones.
    public var reordering = 0.0
    /// How much later an overtaken datagram arrives.
    public var reorderingDelay = Duration.milliseconds(60)
    /// Chance that a datagram arrives twice.
    public var duplication = 0.0
    /// Chance that one bit of a datagram is flipped.
    public var corruption = 0.0

    /// A perfect link.
    public init() {}
}
