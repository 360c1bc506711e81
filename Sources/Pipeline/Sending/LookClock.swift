import Media

/// When a sender looks at its call: at least twice a second where the processor bears it.
struct LookClock {
    private var next = Instant(nanoseconds: .min / 2)
    private var earliest = Instant(nanoseconds: .min / 2)

    /// Between looks.
    static let interval = Duration.milliseconds(480)
    /// Between looks where much changes.
    static let shortInterval = Duration.milliseconds(240)
    /// Looking takes at most this share of one processor core, and this one where much changes.
    static let largestShare = 0.25
    static let largestShortShare = 0.4

    /// Whether it is time.
    ///
    /// - Parameter isEarly: whether much has changed since the look before.
    func isDue(at now: Instant, isEarly: Bool = false) -> Bool {
        now >= (isEarly ? earliest : next)
    }

    /// A look begins.
    mutating func begin(at now: Instant) {
        next = now.advanced(by: Self.interval)
        earliest = now.advanced(by: Self.shortInterval)
    }

    /// A look that began at `start` took so long.
    mutating func end(after duration: Duration, since start: Instant) {
        next = max(next, start.advanced(by: .seconds(duration.seconds / Self.largestShare)))
        earliest = max(
            earliest, start.advanced(by: .seconds(duration.seconds / Self.largestShortShare)))
    }
}
