public import Media

/// How much a call may send: from what acknowledgements tell of delay and loss, between a floor and a
/// ceiling, from 8 kbit/s up.
///
/// A value without a clock: hand it each ``DeliveryReport``, ask for ``target``. Why it is made so, and what
/// it was compared with: `Protocol/feedback.md`, section 6.
public struct RateController: Sendable {
    /// The most that the call may send, headers counted.
    public private(set) var target: Bitrate
    /// How long packets wait in queues at present.
    public private(set) var queueingDelay = Duration.zero

    private let floor: Double
    private let ceiling: Double
    private var delay = QueueingDelay()
    private var delivery = DeliveryRate()
    /// The same with what was lost on the way.
    private var attempts = DeliveryRate()
    private var loss = LossShare()
    /// What the link delivered when it was full the last time, bits a second.
    private var full: (rate: Double, at: Instant)?
    private var decrease: Decrease?
    private var lossTrial: LossTrial?
    /// By what share the target grows in a second where nobody knows when the link is full.
    private var pace = RateController.largestPace
    private var boldness = RateController.leastBoldness
    /// The share of packets that is lost whatever the rate.
    private var usualLoss = 0.0
    private var latestReport: Instant?
    /// Bytes that have arrived, or should have, at a time that no report has told yet.
    private var unplaced = (delivered: 0, lost: 0)
    /// Packets that were sent before waited for another reason than this call.
    private var judgedFrom = Instant(nanoseconds: .min)

    /// A reduction whose effect is not known yet.
    private struct Decrease: Sendable {
        let at: Instant
        /// Milliseconds in queues then.
        let queue: Double
        /// The rate before.
        let from: Double
    }

    /// A reduction for loss whose effect is not known yet.
    private struct LossTrial: Sendable {
        let at: Instant
        let share: Double
        /// Packets that this was counted over.
        let count: Int
        let from: Double
        /// Whether what is lost after it is counted already.
        var isCounting = false
    }

    // Each found by the tests' links, from 8 to 500 kbit/s.

    /// Milliseconds that may stand in queues, half a datagram of a slow call, beside the jitter.
    private static let leastTolerance = 60.0
    /// Of what a full link delivers, so much keeps its queue from growing, and lets it run empty.
    private static let backOff = 0.85
    /// After a reduction, so long until its effect must be seen.
    private static let effect = Duration.milliseconds(1500)
    /// Up to this time to the other end and back growth is as quick as it can be where the link has never been full.
    private static let usualRoundTrip = Duration.milliseconds(300)
    /// After a link was full, so long below that rate.
    private static let rest = Duration.seconds(6)
    /// Over a narrow link, bits a second, datagrams are up to 240 ms apart and the news is late: near what filled
    /// it the last time the target grows at this share of its usual pace, or the voice waits in a queue.
    private static let narrow = 9_000.0
    private static let narrowCare = 0.3
    /// So near, as a share.
    private static let nearFull = 0.08
    /// By what share more than a full link's rate is supposed at first.
    private static let leastBoldness = 0.08
    /// Growth in a second where more was delivered than the link was thought to carry; it becomes quicker.
    private static let leastPace = 0.05
    /// At the start the target doubles in less than three seconds.
    private static let largestPace = 0.3
    /// Loss beyond the usual that is taken for the call's own doing.
    private static let largestExtraLoss = 0.1
    /// Standard deviations that loss must fall by where sending less has helped: one in twenty by chance.
    private static let leastDifference = 1.65
    /// Without a report for so long nothing is known of the link.
    private static let silence = Duration.milliseconds(1200)

    /// Starts with a rate that any link of this kind is thought to carry.
    ///
    /// - Parameters:
    ///   - start: the first target; brought between the other two.
    ///   - floor: the target never falls below: what voice alone needs.
    ///   - ceiling: the target never rises above.
    public init(start: Bitrate, floor: Bitrate, ceiling: Bitrate) {
        self.ceiling = ceiling.bitsPerSecond
        self.floor = min(floor.bitsPerSecond, self.ceiling)
        let rate = min(max(start.bitsPerSecond, self.floor), self.ceiling)
        target = Bitrate(bitsPerSecond: rate)
    }

    /// What the link is known to carry: more than ``target`` while a queue is to run empty.
    ///
    /// What can wait keeps to the target; what cannot had better go on as this allows than change for a second.
    public var sustainable: Bitrate {
        guard decrease != nil, let full else { return target }
        let rate = min(max(full.rate * Self.backOff, floor), ceiling)
        return max(target, Bitrate(bitsPerSecond: rate))
    }

    /// What the link delivered over the last second; nothing before it is known.
    public var delivered: Bitrate? { delivery.rate }

    /// The share of packets that is lost, 0…1.
    public var lossShare: Double { loss.share ?? loss.early }

    /// Takes in what an acknowledgement told at `now`.
    public mutating func take(_ report: DeliveryReport, at now: Instant) {
        let pause = latestReport.map { now.since($0) } ?? .zero
        latestReport = now
        if pause >= Self.silence {
            // An outage: what it held back or swallowed says nothing about the rate.
            judgedFrom = now
            delay.forgetLatest()
            loss.restart()
            decrease = nil
            lossTrial = nil
        }
        unplaced.delivered += report.delivered.bytes
        unplaced.lost += report.lost.reduce(0) { $0 + $1.size.bytes }
        if let newest = report.newest {
            let arrival = delay.add(newest) + Double(newest.sent.nanoseconds) / 1e6
            delivery.add(unplaced.delivered, at: arrival)
            attempts.add(unplaced.delivered + unplaced.lost, at: arrival)
            unplaced = (0, 0)
        }
        if judgedFrom < now {
            let lost = report.lost.count { $0.sent >= judgedFrom }
            loss.add(delivered: report.deliveredPackets, lost: lost, at: now)
        }
        let queue = delay.standing(at: target, long: 2.5 * tolerance)
        queueingDelay = .seconds(queue / 1000)
        guard let newest = report.newest, newest.sent >= judgedFrom else { return }
        judgeLoss(at: now)
        if queue > tolerance {
            reduce(queue, newest, report.roundTrip ?? .zero, at: now)
        } else {
            if decrease.map({ newest.sent > $0.at }) == true, queue < tolerance / 2 {
                // The queue is gone, and what the link carries is known.
                decrease = nil
                if let full { set(max(target.bitsPerSecond, full.rate * Self.backOff)) }
            }
            if queue < tolerance / 2 {
                // A queue that only begins is no reason to stop, and one to go slowly; so is news that comes late.
                let wait = max(report.roundTrip ?? .zero, Self.usualRoundTrip)
                let caution = Self.usualRoundTrip.seconds / wait.seconds
                let share = full == nil ? (1 - queue / (tolerance / 2)) * caution : 1
                let time = Duration.seconds(min(pause, .milliseconds(500)).seconds * share)
                grow(over: time, isFilled: report.isFilled, at: now)
            }
        }
    }

    /// Milliseconds that may stand in queues.
    private var tolerance: Double { Self.leastTolerance + delay.jitter }

    private mutating func set(_ rate: Double) {
        target = Bitrate(bitsPerSecond: min(max(rate, floor), ceiling))
    }

    // MARK: Delay

    private mutating func reduce(
        _ queue: Double, _ newest: DeliveryReport.Newest, _ roundTrip: Duration, at now: Instant
    ) {
        if let decrease {
            // What was sent before the reduction tells nothing about it.
            guard newest.sent > decrease.at else { return }
            let hadTime = newest.sent.since(decrease.at) >= Self.effect
            let isWorse = queue > decrease.queue + tolerance
            guard hadTime || isWorse else { return }
            if hadTime, queue > decrease.queue * 0.8 {
                // Sending less has not helped: the way itself has become longer, or others fill it.
                delay.restart()
                self.decrease = nil
                full = nil
                set(decrease.from)
                return
            }
        }
        let before = target.bitsPerSecond
        let delivered = delivery.latestRate?.bitsPerSecond ?? before
        full = (delivered, now)
        boldness = Self.leastBoldness
        // What was sent while this queue was on its way to be known waits, too. All of it is to be gone
        // within about a second.
        let unseen = max(0, before / delivered - 1) * (roundTrip.milliseconds + 300)
        let excess = max(0, queue + unseen - 2 * tolerance) / 1000
        set(min(before, delivered * max(0.4, Self.backOff - excess)))
        decrease = Decrease(at: now, queue: queue + unseen, from: decrease?.from ?? before)
        lossTrial = nil
    }

    // MARK: Loss

    /// A link that drops what is too much, without a queue, tells by loss alone. Loss that stays when less
    /// is sent was not the call's doing.
    private mutating func judgeLoss(at now: Instant) {
        if let trial = lossTrial, !trial.isCounting {
            // What was lost before is told a little later.
            guard now.since(trial.at) >= .seconds(1) else { return }
            loss.restart()
            lossTrial?.isCounting = true
        }
        guard let share = loss.share else { return }
        if let trial = lossTrial {
            guard now.since(trial.at) >= .seconds(4) else { return }
            lossTrial = nil
            // What is still lost is not the call's doing.
            usualLoss = max(usualLoss, share)
            if share > trial.share * 0.6 || !isLess(share, than: trial) {
                full = nil
                set(trial.from)
            }
            loss.restart()
            return
        }
        // Slowly up, less slowly down.
        usualLoss += (share - usualLoss) * (share < usualLoss ? 0.03 : 0.01)
        // Three standard deviations are no chance.
        let usual = max(0.02, usualLoss)
        let chance = 3 * (usual * (1 - usual) / Double(loss.count)).squareRoot()
        guard share > usual + max(Self.largestExtraLoss, chance) else { return }
        let before = target.bitsPerSecond
        // What is lost at any rate would have been delivered, too; and where the call does not use its
        // target, what it is delivered tells little of what could be.
        let sent = max(1, attempts.rate?.bitsPerSecond ?? before)
        let arrived = min(sent, delivery.rate?.bitsPerSecond ?? before)
        let possible = sent < 0.75 * before ? before * arrived / sent : arrived
        let delivered = possible / (1 - min(usualLoss, 0.5))
        lossTrial = LossTrial(at: now, share: share, count: loss.count, from: before)
        full = (min(before, delivered), now)
        set(max(min(before, delivered) * 0.95, before * 0.5))
    }

    /// Whether a share of loss is less than before a reduction by more than chance makes it, mostly.
    private func isLess(_ share: Double, than trial: LossTrial) -> Bool {
        let (before, after) = (Double(trial.count), Double(max(1, loss.count)))
        let mean = (trial.share * before + share * after) / (before + after)
        let deviation = (mean * (1 - mean) * (1 / before + 1 / after)).squareRoot()
        return trial.share - share > Self.leastDifference * deviation
    }

    // MARK: Growth

    /// More, where the call uses what it has: quickly far from where the link was full, slowly near it.
    private mutating func grow(over time: Duration, isFilled: Bool, at now: Instant) {
        guard lossTrial == nil, let delivered = delivery.rate?.bitsPerSecond else { return }
        let before = target.bitsPerSecond
        // What is not used is not known to be there; where all of it is used, what is delivered follows within a second.
        let used = attempts.rate?.bitsPerSecond ?? delivered
        let limit = isFilled && full == nil ? used * 1.4 + 500 : delivered * 1.75 + 5000
        guard before < limit else { return }
        let seconds = time.seconds
        var rate = before
        if let full {
            if before < full.rate * Self.backOff {
                rate += before * 0.15 * seconds
            } else if now.since(full.at) >= Self.rest {
                // Slowly: what is too much is known a second later, and until then waits.
                let isNear = abs(before / full.rate - 1) < Self.nearFull
                let care = isNear && before < Self.narrow ? Self.narrowCare : 1
                rate += (250 + before * 0.01) * care * seconds
                rate = min(rate, max(before, full.rate * 1.1))
            }
            probe(full.rate, delivered, at: now)
        } else {
            rate += before * pace * seconds
            pace = min(Self.largestPace, pace + Self.leastPace * seconds)
        }
        set(min(rate, max(limit, before)))
    }

    /// Whether the link carries more than when it was full the last time: it is known to where more is
    /// delivered; where the call does not use its target, it is supposed now and then, more boldly each time.
    private mutating func probe(_ rate: Double, _ delivered: Double, at now: Instant) {
        guard target.bitsPerSecond > rate, let full else { return }
        if delivered > rate * 1.05 {
            self.full = nil
            pace = Self.leastPace
        } else if target.bitsPerSecond >= rate * 1.09, now.since(full.at) >= Self.rest * 2 {
            boldness = min(0.5, boldness * 2)
            self.full = (rate * (1 + boldness), now.advanced(by: .zero - Self.rest))
        }
    }
}
