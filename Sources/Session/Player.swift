import Media

/// Keypoints and sound that have arrived, played picture after picture on the sender's time line.
struct Player: Sendable {
    private let rate: PictureRate
    private let playout: Playout
    private var buffer = JitterBuffer()
    /// Nothing in a call without sound.
    private var voices: VoicePlayout?
    private var clock: PlayoutClock?
    private var lossInARow = 0
    /// Pictures whose keypoints were lost and have come again.
    private var repeated: Set<PictureNumber> = []
    /// Pictures to come that have no keypoints, as the sender has said.
    private var held: Set<PictureNumber> = []
    /// The latest pictures that were not there.
    private var lost: [PictureNumber] = []
    private static let largestLostCount = 32
    /// The first picture whose keypoints have come; those before it are not lost.
    private var firstKnown: PictureNumber?
    private var endOfVoice = VoiceTick.zero
    /// When keypoints came last.
    private var latestUnit: Instant?
    /// Without keypoints for so long, sound tells when it is due.
    private static let soundAlone = Duration.seconds(2)
    /// The picture that is played next.
    private(set) var next = PictureNumber.zero
    /// The picture that is expected to come next from the sender.
    private(set) var expected = PictureNumber.zero

    /// Waits for pictures of a call that has come to `next`.
    init(rate: PictureRate, playout: Playout, hasSound: Bool, next: PictureNumber) {
        self.rate = rate
        self.playout = playout
        voices = hasSound ? VoicePlayout(rate: rate) : nil
        expected = next
    }

    /// The tick that is expected to come next from the sender.
    var expectedTick: VoiceTick {
        max(endOfVoice, VoiceTick(of: expected, at: rate) ?? .zero)
    }

    /// The tick of a picture, where it has one.
    func tick(of picture: PictureNumber) -> VoiceTick? { VoiceTick(of: picture, at: rate) }

    /// Whether there is something to begin with.
    var canStart: Bool { !buffer.isEmpty || !held.isEmpty || voices?.isEmpty == false }

    /// Takes in keypoints; false where they lie too far off or are there already.
    mutating func insert(
        _ unit: CodedKeypoints, at now: Instant, _ statistics: inout ReceiveStatistics
    ) -> Bool {
        if clock != nil, unit.firstPicture < next {
            statistics.latePictures += min(
                unit.pictureCount, next.distance(from: unit.firstPicture))
        }
        // What is too late to be shown may still serve others as a reference.
        if unit.end > next, !buffer.insert(unit, next: clock == nil ? nil : next) { return false }
        if !restartIfIdle(at: now) { observe(unit.firstPicture, at: now, &statistics) }
        latestUnit = now
        firstKnown = min(firstKnown ?? unit.firstPicture, unit.firstPicture)
        expected = max(expected, unit.end)
        return true
    }

    /// Takes in that pictures have no keypoints; false where none of them is still to come.
    mutating func insert(
        _ statement: HeldPictures, at now: Instant, _ statistics: inout ReceiveStatistics
    ) -> Bool {
        let first = statement.firstPicture
        let earliest = clock == nil ? min(held.min() ?? first, first) : next
        let coming = (0..<statement.pictureCount).compactMap { first.advanced(by: $0) }.filter {
            (0...JitterBuffer.largestLead).contains($0.distance(from: earliest))
                && buffer.unit(with: $0) == nil
        }
        guard !coming.isEmpty, held.count <= JitterBuffer.largestLead else { return false }
        if !restartIfIdle(at: now) { observe(first, at: now, &statistics) }
        latestUnit = now
        held.formUnion(coming.filter { clock == nil || $0 >= next })
        expected = max(expected, statement.end)
        return true
    }

    /// Takes in keypoints that are said again; false where none of them is missing and still to be shown.
    mutating func insert(
        _ again: KeypointsAgain, at now: Instant, _ statistics: inout ReceiveStatistics
    ) -> Bool {
        guard clock != nil else { return false }
        let numbers = (0..<again.pictureCount).compactMap { again.firstPicture.advanced(by: $0) }
        // What had to be said again says how late pictures may come and still be shown.
        if let first = numbers.first(where: { isMissing($0) || lost.contains($0) }) {
            observe(first, at: now, &statistics)
        }
        let missing = numbers.filter { isMissing($0) }
        repeated.formUnion(missing)
        return !missing.isEmpty
    }

    /// Whether a picture is still to come and not there.
    private func isMissing(_ picture: PictureNumber) -> Bool {
        picture >= next && picture.distance(from: next) <= JitterBuffer.largestLead
            && buffer.unit(with: picture) == nil && !repeated.contains(picture)
            && !held.contains(picture)
    }

    /// Learns how late pictures come.
    private mutating func observe(
        _ picture: PictureNumber, at now: Instant, _ statistics: inout ReceiveStatistics
    ) {
        guard var clock else { return }
        let count = clock.observe(picture, at: now)
        self.clock = clock
        statistics.playoutDelay = clock.delay
        guard count > 0, let later = next.advanced(by: count) else { return }
        statistics.skippedPictures += count
        next = later
        expected = max(expected, next)
        buffer.remove(before: next)
        repeated = repeated.filter { $0 >= next }
        held = held.filter { $0 >= next }
        voices?.start(at: next)
    }

    /// Takes in sound; false where it is of no use.
    mutating func insert(
        _ voice: CodedVoice, at now: Instant, _ statistics: inout ReceiveStatistics
    ) -> Bool {
        let isRestarted = restartIfIdle(at: now)
        guard voices?.insert(voice) == true else { return false }
        // Where pictures come, too, they tell: sound later in a datagram has more time.
        let isAlone = latestUnit.map { now.since($0) > Self.soundAlone } ?? true
        if isAlone, !isRestarted { observe(picture(at: voice.start), at: now, &statistics) }
        endOfVoice = max(endOfVoice, voice.end)
        return true
    }

    /// A stalled sender goes on: what it left out would be lost at once without a new start.
    @discardableResult
    private mutating func restartIfIdle(at now: Instant) -> Bool {
        guard isIdle, clock.map({ $0.due(next) <= now }) == true else { return false }
        clock?.restart(next, at: now)
        return true
    }

    /// The picture that sound belongs to, where there is some.
    private var firstHeard: PictureNumber? {
        voices?.buffer.first.map { picture(at: $0.start) }
    }

    private func picture(at tick: VoiceTick) -> PictureNumber {
        let number = Int(tick.rawValue) * rate.picturesPerSecond / VoiceTick.perSecond
        return PictureNumber(UInt32(clamping: number))
    }

    /// Starts to play with the first that is there, or the newest where too much waits.
    mutating func startIfReady(at now: Instant, _ statistics: inout ReceiveStatistics) {
        guard clock == nil,
            let first = [buffer.first, firstHeard, held.min()].compactMap(\.self).min()
        else { return }
        next = first
        if let end = buffer.end, end.distance(from: first) > playout.largestStartingBacklog,
            let newest = end.advanced(by: -1),
            let start = buffer.unit(with: newest)?.firstPicture
        {
            statistics.skippedPictures += start.distance(from: first)
            next = start
            buffer.remove(before: start)
        }
        voices?.start(at: next)
        clock = PlayoutClock(
            picture: next, at: now, interval: rate.interval, playout: playout)
    }

    /// Plays the next picture, and its sound ahead of it, where it is due.
    ///
    /// - Parameters:
    ///   - end: the number after the last picture, where the sender has said so.
    ///   - isOpen: whether more may come.
    mutating func play(
        at now: Instant, until end: PictureNumber?, isOpen: Bool,
        _ statistics: inout ReceiveStatistics
    ) -> [ReceiveSession.Event] {
        guard let clock, !(isIdle && isOpen), clock.due(next) <= now,
            let following = next.advanced(by: 1), end.map({ next < $0 }) ?? true
        else { return [] }
        let isRepeated = repeated.remove(next) != nil
        let isThere = buffer.unit(with: next) != nil || isRepeated
        let isHeld = held.contains(next)
        let number = next
        var events: [ReceiveSession.Event] = []
        let plays = voices?.play(number) { buffer.unit(with: $0) != nil || held.contains($0) }
        for play in plays ?? [] {
            if case .lost(let ticks, _, _) = play { statistics.lostVoiceTicks += ticks }
            events.append(.voice(play))
        }
        next = following
        expected = max(expected, next)
        buffer.remove(before: following)
        held.remove(number)
        if isThere {
            statistics.pictures += 1
            if isRepeated { statistics.repeatedPictures += 1 }
            lossInARow = 0
        } else if isHeld {
            statistics.heldPictures += 1
            lossInARow = 0
        } else if firstKnown.map({ $0 <= number }) == true {
            statistics.lostPictures += 1
            lossInARow += 1
            lost.append(number)
            if lost.count > Self.largestLostCount { lost.removeFirst() }
            statistics.longestLoss = max(statistics.longestLoss, lossInARow)
        } else {
            statistics.earlyPictures += 1
        }
        events.append(.play(number, isThere: isThere))
        return events
    }

    /// Whether the last picture has been played, or none can be any more.
    func isPlayedOut(_ end: PictureNumber) -> Bool {
        guard clock != nil else { return !canStart }
        return next >= end || next.distance(from: end) < -JitterBuffer.largestLead
    }

    /// Whether a recording has nothing to play: the sender may just be slow.
    private var isIdle: Bool {
        playout == .recording && buffer.isEmpty && held.isEmpty && voices?.isEmpty != false
    }

    /// When the next picture is due; nothing where there is nothing to wait for.
    func wake(isOpen: Bool) -> Instant? { isIdle && isOpen ? nil : clock?.due(next) }
}
