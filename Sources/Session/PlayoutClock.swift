import Media

/// When each picture is due: as soon as nearly all of them are there, and no later.
///
/// Each unit that arrives tells when picture 0 would have been due for the unit to be just in time. Of what the
/// last seconds told, the clock takes the moment that all but a few kept, so that jitter, the sender's
/// clock and its stalls are all followed. It gives way at once and catches up slowly, by less than a speaker
/// has to stretch sound to follow.
struct PlayoutClock: Sendable {
    private struct Sample: Sendable {
        let at: Instant
        let origin: Instant
    }

    private let interval: Duration
    private let playout: Playout
    /// When picture 0 is, or would have been, due.
    private var origin: Instant
    private var samples: [Sample] = []
    private var latest: Instant
    private let begin: Instant

    /// So long a unit's arrival says what is to come.
    private static let window = Duration.seconds(8)
    private static let largestCount = 256
    /// Of a hundred units so many may be late, and one of a few.
    private static let latePercent = 3
    /// By so much the clock may run faster or slower than the sender's.
    private static let slew = 0.004
    /// Later than this, a live picture had better be given up.
    private static let largestDelay = Duration.milliseconds(1500)
    /// A change that is no matter of clocks or of chance.
    private static let step = Duration.milliseconds(20)
    /// Being so much later than needed is worth leaving pictures out.
    private static let worthSkipping = Duration.milliseconds(150)

    /// Starts with `picture` due at `now` plus the starting delay.
    init(picture: PictureNumber, at now: Instant, interval: Duration, playout: Playout) {
        self.interval = interval
        self.playout = playout
        latest = now
        begin = now
        origin = now.advanced(by: playout.startingDelay - interval * Int(picture.rawValue))
    }

    /// When a picture is due.
    func due(_ picture: PictureNumber) -> Instant {
        origin.advanced(by: interval * Int(picture.rawValue))
    }

    /// Starts anew: `picture` is due at `now` plus the starting delay.
    mutating func restart(_ picture: PictureNumber, at now: Instant) {
        self = PlayoutClock(picture: picture, at: now, interval: interval, playout: playout)
    }

    /// How long pictures that took the shortest way wait.
    var delay: Duration {
        samples.map(\.origin).min().map { max(.zero, origin.since($0)) } ?? playout.startingDelay
    }

    /// Learns that what is due with `picture` has arrived at `now`, be it in time or late.
    ///
    /// - Returns: how many pictures to leave out, so that what follows is shown sooner.
    mutating func observe(_ picture: PictureNumber, at now: Instant) -> Int {
        let needed = now.advanced(by: .zero - interval * Int(picture.rawValue))
        samples.append(Sample(at: now, origin: needed))
        // How a call begins tells little of how it goes on.
        let window = now.since(begin) < Self.window / 2 ? Self.window / 4 : Self.window
        samples.removeAll { now.since($0.at) > window }
        if samples.count > Self.largestCount { samples.removeFirst() }
        let elapsed = max(.zero, now.since(latest))
        latest = max(latest, now)
        let sorted = samples.map(\.origin).sorted()
        let late = max(1, sorted.count * Self.latePercent / 100)
        guard sorted.count > 2 * late else { return 0 }
        var wanted = sorted[sorted.count - 1 - late].advanced(by: playout.margin)
        if playout == .live { wanted = min(wanted, sorted[0].advanced(by: Self.largestDelay)) }
        let change = wanted.since(origin)
        // A recording has half a second in hand, most of which may be used up before.
        let tolerable = playout == .live ? Self.step : playout.margin * 4 / 5
        if change > tolerable {
            origin = wanted
            return 0
        }
        let most = Duration.seconds(elapsed.seconds * Self.slew)
        if playout == .live, change < .zero - Self.worthSkipping, isSettled(at: now) {
            let count = Int((.zero - change).seconds / interval.seconds)
            origin = origin.advanced(by: .zero - interval * count)
            return count
        }
        origin = origin.advanced(by: min(max(change, .zero - most), most))
        return 0
    }

    /// Whether the samples tell of a whole window.
    private func isSettled(at now: Instant) -> Bool {
        samples.first.map { now.since($0.at) > Self.window - .seconds(1) } ?? false
    }
}
