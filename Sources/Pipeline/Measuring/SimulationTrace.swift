public import Media

/// What happened when in a simulated call: each picture that was shown, how things stood each second, and what the
/// sender decided.
public struct SimulationTrace: Sendable {
    /// A picture that was due at the receiver.
    public struct Shown: Sendable {
        /// Its number.
        public let picture: PictureNumber
        /// When, after the first picture was taken.
        public let time: Duration
        /// How long after it was taken.
        public let delay: Duration
        /// Whether it was rebuilt from its own keypoints.
        public let isWhole: Bool
        /// Whether it was made up from those around it.
        public let isMadeUp: Bool
        /// Whether it is a picture of the stream that was not shown before.
        public let isStreamed: Bool

        /// Whether there is something new of the camera's to see.
        public var isFresh: Bool { isWhole || isStreamed }

        package init(
            picture: PictureNumber, time: Duration, delay: Duration, isWhole: Bool,
            isMadeUp: Bool, isStreamed: Bool
        ) {
            self.picture = picture
            self.time = time
            self.delay = delay
            self.isWhole = isWhole
            self.isMadeUp = isMadeUp
            self.isStreamed = isStreamed
        }
    }

    /// How things stood at a time.
    public struct Moment: Sendable {
        /// When, after the first picture was taken.
        public let time: Duration
        /// Bytes that went out so far, there and back, all headers counted.
        public let wire, returnWire: DataSize
        /// What of those there was voice, keypoints, sources and pictures of the stream, the headers of their
        /// frames counted.
        public let voice, keypoints, sources, stream: DataSize
        /// What the link is thought to carry, and what the plan in use is for.
        public let target, plan: Bitrate
        /// How long datagrams wait on the way, as the sender sees it, and pictures at the receiver.
        public let queueing, playout: Duration
        /// Ticks of sound that were not there so far.
        public let lostVoiceTicks: Int
    }

    /// A datagram on its way to the receiver.
    public struct Send: Sendable {
        /// When it went out, after the first picture was taken.
        public let time: Duration
        /// Whether the link lost it, or its queue was full.
        public let isLost: Bool

        package init(time: Duration, isLost: Bool) {
            self.time = time
            self.isLost = isLost
        }
    }

    /// The pictures, in the order they were shown.
    public var shown: [Shown] = []
    /// One each second.
    public var moments: [Moment] = []
    /// What went out since the first picture was taken.
    public var sends: [Send] = []
    /// The sender's looks at how its call is doing, with the sources that they led to.
    public var looks: [SourceLine] = []
    /// Where the sender began to show something else than it did.
    public var asides: [FallbackLine] = []

    /// Nothing yet.
    package init() {}

    /// The longest time in which no picture came that was rebuilt from its own keypoints, or was a new one of the
    /// stream, beyond the usual one from picture to picture.
    ///
    /// - Parameter interval: the usual one.
    public func longestFreeze(_ interval: Duration) -> Duration {
        freezes(interval).map(\.length).max() ?? .zero
    }

    /// How much longer than the loss that caused it a freeze lasted, at most: the time without a picture of its own
    /// keypoints, beyond the usual one, less the time until the next datagram of each one that was lost while the
    /// missing pictures were taken and sent.
    ///
    /// - Parameter interval: the usual time from picture to picture.
    public func longestFreezeBeyondLoss(_ interval: Duration) -> Duration {
        freezes(interval).map { freeze in
            let taken = interval * Int(freeze.before.rawValue)
            let end = interval * Int(freeze.after.rawValue) + Self.latestSend
            return max(.zero, freeze.length - loss(from: taken, to: end))
        }.max() ?? .zero
    }

    /// A time with nothing new to see, beyond the usual one, after one new picture and before another.
    private typealias Freeze = (before: PictureNumber, after: PictureNumber, length: Duration)

    /// All freezes after the first new picture. Where the call ends in one, the picture after the last one would have
    /// ended it.
    private func freezes(_ interval: Duration) -> [Freeze] {
        let fresh = shown.filter(\.isFresh)
        var ends = fresh.map { (picture: $0.picture, time: $0.time) }
        if let last = shown.last, !last.isFresh, let next = last.picture.advanced(by: 1) {
            ends.append((next, last.time + interval))
        }
        return zip(ends.dropFirst(), fresh).map { end, begin in
            (begin.picture, end.picture, max(.zero, end.time - begin.time - interval))
        }
    }

    /// A picture waits so long at most for the others of its datagram, and their sound.
    private static let latestSend = Duration.milliseconds(300)

    /// The time that lost datagrams were to fill.
    private func loss(from begin: Duration, to end: Duration) -> Duration {
        zip(sends, sends.dropFirst())
            .filter { $0.0.isLost && $0.0.time > begin && $0.0.time <= end }
            .reduce(.zero) { $0 + $1.1.time - $1.0.time }
    }

    /// From taking a picture to showing it: of whole ones, so many of a hundred took no longer.
    public func delay(percentile: Int) -> Duration? {
        let delays = shown.filter(\.isWhole).map(\.delay).sorted()
        guard !delays.isEmpty else { return nil }
        return delays[min(delays.count - 1, delays.count * percentile / 100)]
    }
}
