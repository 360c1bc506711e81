import Media
import WireFormat

/// Keypoints and sound on their way into datagrams: what belongs to one time goes into one datagram.
struct MediaQueue: Sendable {
    /// What was left out since it had no room in time.
    struct Dropped: Hashable, Sendable {
        var pictures = 0
        var voicePackets = 0
    }

    private struct Unit {
        let first: PictureNumber
        let count: Int
        let frame: Frame
        /// Nothing for pictures that are not warped.
        let keypoints: CodedKeypoints?
        /// The pictures before it once more, which are the first to be left out.
        let again: Frame?
        let since: Instant
    }

    /// What waits longer than this is past, and left out.
    static let patience = Duration.milliseconds(500)

    private let rate: PictureRate
    /// Whether pictures wait for sound at all.
    private let hasSound: Bool
    private let timing: SessionTiming
    private var units: [Unit] = []
    private var voices: [(voice: VoiceFrame, ticks: Range<VoiceTick>, since: Instant)] = []
    /// Whether the first sound had no room beside its pictures: it has nothing to wait for.
    private var isVoiceOverdue = false
    /// The tick up to which the sound is known, be it that nobody speaks.
    private var soundEnd = VoiceTick.zero
    /// Whether the sound of the datagram before is said again where there is room.
    var saysVoiceAgain = false
    /// The sound of the datagram before, each packet with where it begins.
    private var latestVoices: [VoiceFrame] = []
    /// Packets of sound that were said again.
    private(set) var repeatedVoicePackets = 0
    /// What was left out so far.
    private(set) var dropped = Dropped()

    init(rate: PictureRate, hasSound: Bool, timing: SessionTiming) {
        self.rate = rate
        self.hasSound = hasSound
        self.timing = timing
    }

    /// Whether nothing waits.
    var isEmpty: Bool { units.isEmpty && voices.isEmpty }

    /// Adds keypoints; false where no frame can hold them.
    mutating func add(_ unit: CodedKeypoints, at now: Instant) -> Bool {
        guard let frame = KeypointsFrame(unit) else { return false }
        let again = unit.again.flatMap { KeypointsAgainFrame($0) }
        units.append(
            Unit(
                first: unit.firstPicture, count: unit.pictureCount, frame: .keypoints(frame),
                keypoints: unit, again: again.map { .keypointsAgain($0) }, since: now))
        return true
    }

    /// Adds pictures that are not warped.
    mutating func add(_ held: HeldPictures, at now: Instant) {
        units.append(
            Unit(
                first: held.firstPicture, count: held.pictureCount,
                frame: .hold(HoldFrame(held)), keypoints: nil, again: nil, since: now))
    }

    mutating func add(_ voice: CodedVoice, at now: Instant) {
        soundEnd = max(soundEnd, voice.end)
        guard let packet = voice.packet else { return }
        let frame = VoiceFrame(start: voice.start, packet: packet)
        voices.append((frame, voice.start..<voice.end, now))
    }

    /// Forgets sound of pictures that there will not be.
    mutating func removeVoice(from picture: PictureNumber) {
        guard let end = VoiceTick(of: picture, at: rate) else { return }
        voices.removeAll { $0.ticks.lowerBound >= end }
    }

    mutating func removeAll() {
        units = []
        voices = []
        latestVoices = []
        isVoiceOverdue = false
    }

    /// When something is due at the latest; nothing where nothing waits.
    var wake: Instant? { [unitDue, voiceDue].compactMap(\.self).min() }

    /// When the first keypoints go without their sound.
    private var unitDue: Instant? {
        units.first?.since.advanced(by: timing.pictureCompanyTimeout)
    }

    /// When the first sound goes without its pictures; nothing where these wait for more of it.
    private var voiceDue: Instant? {
        guard let voice = voices.first else { return nil }
        if !isVoiceOverdue, let first = units.first?.first,
            let place = VoiceTick(of: first, at: rate),
            voice.ticks.lowerBound >= place
        {
            return nil
        }
        if isVoiceOverdue { return voice.since }
        return voice.since.advanced(by: timing.voiceCompanyTimeout)
    }

    /// The frames of the next datagram, where one is due.
    ///
    /// - Parameters:
    ///   - isLast: whether nothing more will come, so that nothing waits for company.
    ///   - largest: the bytes that any datagram has for them.
    ///   - room: the bytes that this one has, since more would break the promise.
    ///   - keypointRoom: the bytes that one with keypoints has, so that later sound finds room: where
    ///     it is too little, sound goes alone and the keypoints of its time are left out.
    ///   - hasSpareRoom: whether what went before leaves the link free, so that sound may be said again.
    mutating func takeDue(
        at now: Instant, isLast: Bool, largest: Int, room: Int, keypointRoom: Int,
        hasSpareRoom: Bool = false
    ) -> (frames: [Frame], unit: CodedKeypoints?) {
        dropStale(at: now)
        let before = latestVoices
        var (frames, unit) = takeDue(
            at: now, isLast: isLast, largest: largest, room: room, keypointRoom: keypointRoom)
        guard !frames.isEmpty, saysVoiceAgain, hasSpareRoom, before != latestVoices else {
            return (frames, unit)
        }
        // All frames but the last one have a length, and the last one gets one now.
        var left = min(room, keypointRoom, largest) - Payload.size(of: frames) - 2
        for voice in before {
            left -= Frame.voice(voice).size.bytes
            guard left >= 0 else { break }
            frames.append(.voice(voice))
            repeatedVoicePackets += 1
        }
        return (frames, unit)
    }

    private mutating func takeDue(
        at now: Instant, isLast: Bool, largest: Int, room: Int, keypointRoom: Int
    ) -> (frames: [Frame], unit: CodedKeypoints?) {
        guard let next = units.first else {
            let isDue = isLast || voiceDue.map { $0 <= now } ?? false
            let end = VoiceTick(.max)
            return (isDue ? takeVoice(before: end, nil, largest: largest, room: room) : [], nil)
        }
        let place = VoiceTick(of: next.first, at: rate) ?? VoiceTick(.max)
        let end =
            next.first.advanced(by: next.count).flatMap { VoiceTick(of: $0, at: rate) }
            ?? VoiceTick(.max)
        let isDue = unitDue.map { $0 <= now } ?? true
        guard isLast || !hasSound || soundEnd >= end || isDue else {
            let isVoiceDue = voiceDue.map { $0 <= now } ?? false
            let frames =
                isVoiceDue ? takeVoice(before: place, nil, largest: largest, room: room) : []
            return (frames, nil)
        }
        let size = next.frame.size.bytes
        // Sound that has no room beside the keypoints in any datagram takes one of its own.
        let company = min(voiceSize(before: end), max(0, largest - size))
        if size + company <= min(room, keypointRoom, largest) {
            units.removeFirst()
            var frames = [next.frame]
            var left = min(room, largest) - size
            if let again = next.again,
                size + company + again.size.bytes <= min(room, keypointRoom, largest)
            {
                frames.append(again)
                left -= again.size.bytes
            }
            let voice = takeVoice(before: end, place, largest: left, room: left)
            return (frames + voice, next.keypoints)
        }
        // A datagram that comes a little early waits; one that the next has caught up with is too much.
        let isOverrun = units.count > 1 || now.since(next.since) > timing.pictureCompanyTimeout
        guard company > 0, company <= room, isOverrun || isLast else { return ([], nil) }
        units.removeFirst()
        dropped.pictures += next.keypoints == nil ? 0 : next.count
        return (takeVoice(before: end, nil, largest: largest, room: room), nil)
    }

    /// The bytes of all sound that begins before a tick.
    private func voiceSize(before end: VoiceTick) -> Int {
        voices.prefix { $0.ticks.lowerBound < end }
            .reduce(0) { $0 + Frame.voice($1.voice).size.bytes }
    }

    private mutating func dropStale(at now: Instant) {
        while let first = units.first, now.since(first.since) > Self.patience {
            dropped.pictures += first.keypoints == nil ? 0 : first.count
            units.removeFirst()
        }
        while let first = voices.first, now.since(first.since) > Self.patience {
            dropped.voicePackets += 1
            voices.removeFirst()
        }
    }

    /// Sound that begins before a tick; without saying where, where it follows the frame before.
    private mutating func takeVoice(
        before end: VoiceTick, _ start: VoiceTick?, largest: Int, room: Int
    ) -> [Frame] {
        var place = start
        var room = min(room, largest)
        var frames: [Frame] = []
        var taken: [VoiceFrame] = []
        while let next = voices.first, next.ticks.lowerBound < end,
            frames.count < WireConstants.largestFrameCount / 2
        {
            let follows = place == next.ticks.lowerBound
            let frame = Frame.voice(
                VoiceFrame(
                    start: follows ? nil : next.ticks.lowerBound, packet: next.voice.packet))
            room -= frame.size.bytes
            guard room >= 0 else { break }
            voices.removeFirst()
            place = next.ticks.upperBound
            frames.append(frame)
            taken.append(next.voice)
        }
        latestVoices = taken
        isVoiceOverdue = voices.first.map { $0.ticks.lowerBound < end } ?? false
        return frames
    }
}
