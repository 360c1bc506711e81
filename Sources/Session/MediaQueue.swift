import Media
import WireFormat

/// Keypoints and sound on their way into datagrams: what belongs to one time goes into one datagram.
struct MediaQueue: Sendable {
    private let rate: PictureRate
    /// Whether pictures wait for sound at all.
    private let hasSound: Bool
    private let timing: SessionTiming
    private var units: [(unit: CodedKeypoints, since: Instant)] = []
    private var voices: [(voice: VoiceFrame, ticks: Range<VoiceTick>, since: Instant)] = []
    /// The tick up to which the sound is known, be it that nobody speaks.
    private var soundEnd = VoiceTick.zero

    init(rate: PictureRate, hasSound: Bool, timing: SessionTiming) {
        self.rate = rate
        self.hasSound = hasSound
        self.timing = timing
    }

    mutating func add(_ unit: CodedKeypoints, at now: Instant) { units.append((unit, now)) }

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
        if let first = units.first?.unit.firstPicture, let place = VoiceTick(of: first, at: rate),
            voice.ticks.lowerBound >= place
        {
            return nil
        }
        return voice.since.advanced(by: timing.voiceCompanyTimeout)
    }

    /// The frames of the next datagram, where one is due; `room` bytes at most, but for keypoints alone.
    ///
    /// - Parameter isLast: whether nothing more will come, so that nothing waits for company.
    mutating func takeDue(at now: Instant, isLast: Bool, room: Int) -> [Frame] {
        guard let unit = units.first?.unit else {
            let isDue = isLast || voiceDue.map { $0 <= now } ?? false
            return isDue ? takeVoice(before: VoiceTick(.max), nil, room: room) : []
        }
        let place = VoiceTick(of: unit.firstPicture, at: rate) ?? VoiceTick(.max)
        let end = VoiceTick(of: unit.end, at: rate) ?? VoiceTick(.max)
        let isDue = unitDue.map { $0 <= now } ?? true
        if isLast || !hasSound || soundEnd >= end || isDue {
            units.removeFirst()
            return [.keypoints(unit)]
                + takeVoice(before: end, place, room: room - Frame.keypoints(unit).size.bytes)
        }
        let isVoiceDue = voiceDue.map { $0 <= now } ?? false
        return isVoiceDue ? takeVoice(before: place, nil, room: room) : []
    }

    /// Sound that begins before a tick; without saying where, where it follows the frame before.
    private mutating func takeVoice(
        before end: VoiceTick, _ start: VoiceTick?, room: Int
    ) -> [Frame] {
        var place = start
        var room = room
        var frames: [Frame] = []
        while let next = voices.first, next.ticks.lowerBound < end,
            frames.count + 1 < WireConstants.largestFrameCount
        {
            let follows = place == next.ticks.lowerBound
            let frame = Frame.voice(
                VoiceFrame(
                    start: follows ? nil : next.ticks.lowerBound, packet: next.voice.packet))
            room -= frame.size.bytes
            guard room >= 0 else {
                // The rest has no room here, and nothing to wait for.
                voices[0].since = Instant(nanoseconds: .min / 2)
                break
            }
            voices.removeFirst()
            place = next.ticks.upperBound
            frames.append(frame)
        }
        return frames
    }
}
