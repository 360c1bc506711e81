import Media

/// When each picture is due; it starts with the first one and gives way when the sender falls behind.
struct PlayoutClock: Sendable {
    private let interval: Duration
    private let delay: Duration
    private var origin: Instant
    private var lateInARow = 0

    /// Late units in a row before the clock gives way: one is chance, three are a slower sender.
    private static let patience = 3

    /// Starts with `picture` due at `now` plus the delay.
    init(picture: PictureNumber, at now: Instant, interval: Duration, delay: Duration) {
        self.interval = interval
        self.delay = delay
        origin = now.advanced(by: delay - interval * Int(picture.rawValue))
    }

    /// When a picture is due.
    func due(_ picture: PictureNumber) -> Instant {
        origin.advanced(by: interval * Int(picture.rawValue))
    }

    /// Starts anew: `picture` is due at `now` plus the delay.
    mutating func restart(_ picture: PictureNumber, at now: Instant) {
        self = PlayoutClock(picture: picture, at: now, interval: interval, delay: delay)
    }

    /// Learns whether a unit that arrives at `now` was in time; after several late ones, pictures become due later.
    mutating func observe(_ unit: CodedKeypoints, at now: Instant) {
        let lateness = now.since(due(unit.firstPicture))
        guard lateness > .zero else {
            lateInARow = 0
            return
        }
        lateInARow += 1
        guard lateInARow >= Self.patience else { return }
        origin = origin.advanced(by: lateness + delay)
        lateInARow = 0
    }
}
