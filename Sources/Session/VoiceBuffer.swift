import Media

/// Sound that waits for its time, put in order and held within a bound.
struct VoiceBuffer: Sendable {
    /// The furthest ahead of the tick that is due next that sound may lie: a minute.
    static let largestLead = 60 * VoiceTick.perSecond

    private var voices: [CodedVoice] = []

    /// The first sound that waits.
    var first: CodedVoice? { voices.first }

    /// Puts sound in its place.
    ///
    /// - Parameter next: the tick that is due next; nothing before playout has started.
    /// - Returns: false where it lies too far from the others, is too late, overlaps, or is a copy.
    mutating func insert(_ voice: CodedVoice, next: VoiceTick?) -> Bool {
        if let next, voice.start < next { return false }
        let earliest = next ?? min(voice.start, voices.first?.start ?? voice.start)
        let latest = max(voice.start, voices.last?.start ?? voice.start)
        guard latest.distance(from: earliest) <= Self.largestLead else { return false }
        let index = voices.firstIndex { $0.start >= voice.start } ?? voices.endIndex
        if index < voices.endIndex, voices[index].start < voice.end { return false }
        if index > 0, voices[index - 1].end > voice.start { return false }
        voices.insert(voice, at: index)
        return true
    }

    /// Takes out the sound that begins at a tick.
    mutating func take(at tick: VoiceTick) -> CodedVoice? {
        guard let first, first.start == tick else { return nil }
        return voices.removeFirst()
    }

    /// Forgets all sound that begins before a tick.
    mutating func remove(before tick: VoiceTick) { voices.removeAll { $0.start < tick } }
}
