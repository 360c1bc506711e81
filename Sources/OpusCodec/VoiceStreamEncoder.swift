public import Media

/// Turns a stream of sound into coded voice that lies on ticks.
///
/// The encoder's look-ahead is taken out: what is decoded at a tick is the sound of that tick. Frames
/// are handed out in groups of at most `groupTicks`, that begin at multiples of it, so that a group and
/// the pictures of the same time fit one datagram. Silent frames at the end of a group are left out.
public final class VoiceStreamEncoder {
    /// How many samples beyond the end of a group are needed before it is handed out.
    public var lookahead: Int { encoder.lookahead }

    private let encoder: OpusVoiceEncoder
    private var groupTicks: Int
    private var groupSamples: Int { groupTicks * VoiceTick.samples }
    /// How the next group is to be coded, where that is otherwise than this one.
    private var change: (settings: VoiceSettings, groupTicks: Int)?
    /// Sound that was taken in and not coded; its first sample is ``nextSample``.
    private var waiting: [Float] = []
    private var nextSample: Int
    private var start: VoiceTick
    private var frames: [[UInt8]] = []

    /// Starts at tick 0.
    ///
    /// - Parameter groupTicks: a multiple of the settings' frame duration.
    /// - Throws: ``OpusError``.
    public init(_ settings: VoiceSettings, groupTicks: Int) throws(OpusError) {
        precondition(
            groupTicks > 0 && groupTicks.isMultiple(of: settings.frameDuration.ticks),
            "groups are made of whole frames")
        encoder = try OpusVoiceEncoder(settings)
        self.groupTicks = groupTicks
        start = .zero
        // Decoded sound lags by the look-ahead, so coding begins by as much later.
        nextSample = encoder.lookahead
    }

    /// Takes in sound and returns the groups that are now complete, in order.
    ///
    /// Sound that was taken in before is cut off; what is missing before it becomes silence.
    public func encode(_ frame: AudioFrame) throws(OpusError) -> [CodedVoice] {
        let expected = nextSample + waiting.count
        guard frame.endSample > expected else { return [] }
        var groups: [CodedVoice] = []
        var gap = frame.firstSample - expected
        while gap > 0 {
            // Piece by piece: a gap may be long.
            let piece = min(gap, groupSamples)
            waiting += [Float](repeating: 0, count: piece)
            gap -= piece
            groups += try codeWaiting()
        }
        waiting += frame.samples.dropFirst(max(0, expected - frame.firstSample))
        return groups + (try codeWaiting())
    }

    /// Codes otherwise, from the next group on.
    ///
    /// - Parameter groupTicks: a multiple of the settings' frame duration.
    /// - Throws: ``OpusError``.
    public func change(to settings: VoiceSettings, groupTicks: Int) throws(OpusError) {
        precondition(
            groupTicks > 0 && groupTicks.isMultiple(of: settings.frameDuration.ticks),
            "groups are made of whole frames")
        change = (settings, groupTicks)
        if frames.isEmpty { try applyChange() }
    }

    private func applyChange() throws(OpusError) {
        guard let change else { return }
        self.change = nil
        try encoder.change(to: change.settings)
        groupTicks = change.groupTicks
    }

    /// Ends the stream: the rest, filled up with silence to a whole group.
    public func finish() throws(OpusError) -> [CodedVoice] {
        guard !waiting.isEmpty || !frames.isEmpty else { return [] }
        let coded = frames.count * encoder.frameLength
        waiting += [Float](repeating: 0, count: max(0, groupSamples - coded - waiting.count))
        return try codeWaiting()
    }

    private func codeWaiting() throws(OpusError) -> [CodedVoice] {
        var groups: [CodedVoice] = []
        var done = 0
        while waiting.count - done >= encoder.frameLength {
            frames.append(try encoder.encode(Array(waiting[done..<done + encoder.frameLength])))
            done += encoder.frameLength
            if frames.count * encoder.settings.frameDuration.ticks == groupTicks {
                groups += try takeGroup()
            }
        }
        waiting.removeFirst(done)
        nextSample += done
        return groups
    }

    private func takeGroup() throws(OpusError) -> [CodedVoice] {
        let ticks = encoder.settings.frameDuration.ticks
        var group: [CodedVoice] = []
        let spoken = frames.lastIndex { !OpusVoiceEncoder.isSilence($0) }.map { $0 + 1 } ?? 0
        var place = start
        for (count, bytes) in try OpusPacketJoiner.join(Array(frames[..<spoken]), ticks: ticks) {
            guard let packet = VoicePacket(bytes), packet.tickCount == count * ticks,
                let voice = CodedVoice(start: place, packet: packet)
            else { throw .corrupt(reason: "a packet of another length than its frames") }
            group.append(voice)
            place = voice.end
        }
        if let silence = CodedVoice(
            silentFrom: place, ticks: groupTicks - place.distance(from: start))
        {
            group.append(silence)
        }
        frames = []
        start = start.advanced(by: groupTicks) ?? start
        try applyChange()
        return group
    }
}
