import Media
import WireFormat

/// What the frames of a datagram do.
extension ReceiveSession {
    mutating func take(_ payload: Payload, at now: Instant) {
        var place: VoiceTick?
        var unit: CodedKeypoints?
        var wantsAnswer = false
        var isUrgent = false
        for (index, frame) in payload.frames.enumerated() {
            let size = index == payload.frames.count - 1 ? frame.sizeAtEnd : frame.size
            switch frame {
            case .hello(let hello):
                if !hello.isKnown { isNewcomer = false }
                isUrgent = true
            case .keypoints(let frame): unit = take(frame, size, &place, at: now)
            case .keypointsAgain(let frame): take(frame, size, beside: unit, at: now)
            case .voice(let frame): take(frame, size, &place, at: now)
            case .hold(let frame): take(frame, &place, at: now)
            case .picture(let frame): isUrgent = take(frame, size) || isUrgent
            case .sourceOffer(let offer): isUrgent = take(offer) || isUrgent
            case .sourceData(let data): isUrgent = take(data) || isUrgent
            case .sourceSet(let set):
                if !sources.insert(set) { statistics.rejectedDatagrams += 1 }
            case .sourceDrop(let source):
                if sources.remove(source) { queue.append(.event(.sourceDropped(source))) }
            case .goodbye(let goodbye):
                if state == .open, !goodbye.isReceivers { state = .finishing(goodbye) }
            // A sound frame counts only beside the first hello: a call has sound from its start or not
            // at all. The rest is the other direction's.
            case .keepAlive, .sound, .acknowledgement, .sourceStatus, .report, .restarted,
                .pictureStatus:
                break
            }
            if case .sources = frame.part { statistics.sources += size }
            wantsAnswer = wantsAnswer || frame.wantsAnswer
        }
        for set in sources.takeCompleteSets() {
            queue.append(.event(.sourceSet(set)))
            isUrgent = true
        }
        if wantsAnswer { feedback?.hear(isUrgent: isUrgent, at: now) }
    }

    /// Takes in an offer; true where the sender should hear of it soon.
    private mutating func take(_ offer: SourceOfferFrame) -> Bool {
        let (isTaken, source) = sources.insert(offer)
        if !isTaken { statistics.rejectedDatagrams += 1 }
        guard let source else { return false }
        queue.append(.event(.source(source)))
        return true
    }

    /// Takes in bytes of a source; true where they make it whole.
    private mutating func take(_ data: SourceDataFrame) -> Bool {
        // Without its offer, which was lost or is late, nothing is known of the source.
        guard let (outcome, source) = sources.insert(data) else { return false }
        switch outcome {
        case .taken, .complete: break
        case .refused: statistics.rejectedDatagrams += 1
        case .corrupt: statistics.corruptSources += 1
        }
        guard let source else { return false }
        queue.append(.event(.source(source)))
        return true
    }

    private mutating func take(
        _ frame: VoiceFrame, _ size: DataSize, _ place: inout VoiceTick?, at now: Instant
    ) {
        let said = player.flatMap { frame.start(near: $0.expectedTick) }
        guard let start = said ?? place,
            let voice = CodedVoice(start: start, packet: frame.packet)
        else {
            statistics.rejectedDatagrams += 1
            return
        }
        place = voice.end
        guard player?.insert(voice, at: now, &statistics) == true else {
            statistics.unusedVoicePackets += 1
            return
        }
        statistics.voice += size
        statistics.voicePackets += 1
    }

    /// Takes in keypoints; nothing where they are of no use.
    private mutating func take(
        _ frame: KeypointsFrame, _ size: DataSize, _ place: inout VoiceTick?, at now: Instant
    ) -> CodedKeypoints? {
        guard let unit = player.flatMap({ frame.unit(near: $0.expected) }) else {
            place = nil
            statistics.rejectedDatagrams += 1
            return nil
        }
        place = player.flatMap { $0.tick(of: unit.firstPicture) }
        guard player?.insert(unit, at: now, &statistics) == true else {
            statistics.rejectedDatagrams += 1
            return nil
        }
        statistics.keypoints += size
        queue.append(.event(.keypoints(unit)))
        return unit
    }

    /// Takes in that pictures have no keypoints.
    private mutating func take(
        _ frame: HoldFrame, _ place: inout VoiceTick?, at now: Instant
    ) {
        guard let held = player.flatMap({ frame.held(near: $0.expected) }) else {
            place = nil
            statistics.rejectedDatagrams += 1
            return
        }
        place = player.flatMap { $0.tick(of: held.firstPicture) }
        guard player?.insert(held, at: now, &statistics) == true else { return }
        queue.append(.event(.held(held)))
    }

    /// Takes in bytes of a picture; true where the sender is to hear of it soon.
    private mutating func take(_ frame: PictureFrame, _ size: DataSize) -> Bool {
        statistics.stream += size
        guard let expected = player?.expected else { return false }
        switch pictures.insert(frame, near: expected) {
        case .taken: return false
        case .refused:
            statistics.rejectedDatagrams += 1
            return false
        case .whole(let picture):
            statistics.streamPictures += 1
            queue.append(.event(.picture(picture)))
            return picture.isAnchor
        }
    }

    /// Takes in keypoints that are said again; of use only where the ones that they lie beside are.
    private mutating func take(
        _ frame: KeypointsAgainFrame, _ size: DataSize, beside unit: CodedKeypoints?,
        at now: Instant
    ) {
        guard let again = unit.flatMap({ frame.again(beside: $0) }) else { return }
        statistics.keypoints += size
        guard player?.insert(again, at: now, &statistics) == true else { return }
        queue.append(.event(.keypointsAgain(again)))
    }
}

extension Frame {
    /// Whether a datagram with it is to be acknowledged.
    var wantsAnswer: Bool {
        switch self {
        case .acknowledgement, .sourceStatus, .pictureStatus, .report, .restarted, .goodbye:
            false
        case .hello, .sound, .keepAlive, .keypoints, .keypointsAgain, .voice, .hold, .picture,
            .sourceOffer, .sourceData, .sourceSet, .sourceDrop:
            true
        }
    }
}
