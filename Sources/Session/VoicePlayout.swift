import Media

/// Sound in the order of its ticks: each tick is played once, from a packet or without one.
struct VoicePlayout: Sendable {
    /// Sound that waits.
    private(set) var buffer = VoiceBuffer()
    private let rate: PictureRate
    /// The tick that is played next; nothing before playout has started.
    private var next: VoiceTick?

    init(rate: PictureRate) { self.rate = rate }

    /// Whether sound waits.
    var isEmpty: Bool { buffer.first == nil }

    /// Takes in sound; false where it is of no use.
    mutating func insert(_ voice: CodedVoice) -> Bool { buffer.insert(voice, next: next) }

    /// Starts with the sound of a picture.
    mutating func start(at picture: PictureNumber) {
        next = VoiceTick(of: picture, at: rate)
        if let next { buffer.remove(before: next) }
    }

    /// What is heard while a picture is shown; nothing where a packet before reached beyond it.
    ///
    /// - Parameter hasArrived: whether the keypoints of a picture are there: no sound came with them
    ///   where nobody spoke.
    mutating func play(
        _ picture: PictureNumber, hasArrived: (PictureNumber) -> Bool
    ) -> [VoicePlay] {
        guard let end = picture.advanced(by: 1).flatMap({ VoiceTick(of: $0, at: rate) }) else {
            return []
        }
        var plays: [VoicePlay] = []
        while let place = next, place < end {
            let play: VoicePlay
            if let voice = buffer.take(at: place), let packet = voice.packet {
                play = .packet(packet, at: place)
            } else if hasArrived(picture) {
                let ticks = min(end, buffer.first?.start ?? end).distance(from: place)
                play = .silence(ticks: ticks, at: place)
            } else {
                play = lost(at: place, until: end, picture, hasArrived)
            }
            guard play.tickCount > 0 else { break }
            plays.append(play)
            next = place.advanced(by: play.tickCount)
        }
        return plays
    }

    /// A gap: the whole of it where its end is in sight, since only then can what follows help.
    private func lost(
        at place: VoiceTick, until end: VoiceTick, _ picture: PictureNumber,
        _ hasArrived: (PictureNumber) -> Bool
    ) -> VoicePlay {
        guard let following = buffer.first else {
            return .lost(ticks: end.distance(from: place), at: place, next: nil)
        }
        let gap = following.start.distance(from: place)
        if gap > VoicePacket.largestTickCount {
            return .lost(ticks: end.distance(from: place), at: place, next: nil)
        }
        var other = picture
        while let later = other.advanced(by: 1), let begin = VoiceTick(of: later, at: rate),
            begin < following.start
        {
            if hasArrived(later) {
                return .lost(ticks: end.distance(from: place), at: place, next: nil)
            }
            other = later
        }
        return .lost(ticks: gap, at: place, next: following.packet)
    }
}
