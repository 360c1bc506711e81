import Media

/// When a receiver speaks: after each second datagram or a tenth of a second, as its rate allows.
struct FeedbackClock: Sendable {
    /// So much of the rate at most goes into acknowledgements: the rest is for what they acknowledge.
    private static let share = 0.2
    /// An acknowledgement, the state of a source, and the headers.
    private static let usualSize = 60

    private let timing: SessionTiming
    /// Between two acknowledgements.
    private let interval: Duration
    private var waiting = 0
    private var due: Instant?
    private var latest: Instant?
    /// There is no use in trying before.
    private var postponed: Instant?
    /// Whether the sender is to hear at once: nothing is waited for then.
    private(set) var isUrgent = false

    init(timing: SessionTiming, rate: Bitrate) {
        self.timing = timing
        let share = Bitrate(bitsPerSecond: rate.bitsPerSecond * Self.share)
        interval = min(
            share.duration(of: DataSize(bytes: Self.usualSize)), timing.feedbackInterval)
    }

    /// Takes in that a datagram that asks for an acknowledgement has arrived.
    mutating func hear(isUrgent: Bool, at now: Instant) {
        waiting += 1
        // What has come may have made room.
        postponed = nil
        self.isUrgent = self.isUrgent || isUrgent
        let patience = isUrgent || waiting >= 2 ? .zero : timing.acknowledgementDelay
        ask(at: now.advanced(by: patience), isUrgent: isUrgent)
    }

    /// Asks for an acknowledgement at an instant, or when the rate allows it.
    private mutating func ask(at instant: Instant, isUrgent: Bool) {
        let earliest = isUrgent ? instant : latest.map { $0.advanced(by: interval) } ?? instant
        due = min(due ?? max(instant, earliest), max(instant, earliest))
    }

    /// When to speak next; nothing before anything was heard.
    var wake: Instant? {
        let wake = [due, latest?.advanced(by: timing.feedbackInterval)].compactMap(\.self).min()
        return wake.map { max($0, postponed ?? $0) }
    }

    /// Whether an acknowledgement is worth its bytes in a datagram that goes anyway: as often as in ones of
    /// their own, or a little sooner, since who takes company cannot choose the time.
    func wantsCompany(at now: Instant) -> Bool {
        guard waiting > 0 || due != nil else { return wake.map { $0 <= now } ?? false }
        return isUrgent || latest.map { now.since($0) >= interval * 3 / 4 } ?? true
    }

    /// Takes in that an acknowledgement went out.
    mutating func speak(at now: Instant) {
        latest = now
        waiting = 0
        due = nil
        postponed = nil
        isUrgent = false
    }

    /// There was no room for one: try again a little later.
    mutating func postpone(at now: Instant) { postponed = now.advanced(by: .milliseconds(50)) }
}
