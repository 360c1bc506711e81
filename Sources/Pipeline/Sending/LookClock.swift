import Media

/// When a sender looks at its call: at least twice a second where the processor bears it.
struct LookClock {
    private var next = Instant(nanoseconds: .min / 2)

    /// Between looks.
    static let interval = Duration.milliseconds(480)
    /// Looking takes at most this share of one processor core.
    static let largestShare = 0.25

    /// Whether it is time.
    func isDue(at now: Instant) -> Bool { now >= next }

    /// A look begins.
    mutating func begin(at now: Instant) { next = now.advanced(by: Self.interval) }

    /// A look that began at `start` took so long.
    mutating func end(after duration: Duration, since start: Instant) {
        let pause = Duration.seconds(duration.seconds / Self.largestShare)
        next = max(next, start.advanced(by: max(Self.interval, pause)))
    }
}
