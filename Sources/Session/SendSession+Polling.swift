import CongestionControl
public import Media
import WireFormat

/// What goes out when: sound and keypoints first, then what keeps the call alive, then sources.
extension SendSession {
    /// What to do at `now`; call until it returns ``Output/wait(until:)``.
    public mutating func poll(at now: Instant) -> Output {
        if !events.isEmpty { return .event(events.removeFirst()) }
        switch state {
        case .closed: return .wait(until: nil)
        case .connecting(let since) where now.since(since) >= timing.connectTimeout:
            end(.noAnswer)
        case .connected where now.since(latestHeard) >= timing.silenceTimeout:
            end(.silence)
        case .connecting, .connected: return pollOpen(at: now)
        case .closing(let end, let goodbyesLeft):
            return pollClosing(end, goodbyesLeft, at: now)
        }
        return poll(at: now)
    }

    private mutating func pollOpen(at now: Instant) -> Output {
        if state == .connected {
            for packet in packets.takeLost(at: now, patience: timing.acknowledgementPatience) {
                sources.lost(packet)
                pictures.lost(packet)
            }
            pictures.expire(at: now)
            tellOfPictures()
            if !events.isEmpty { return .event(events.removeFirst()) }
        }
        if let output = transmitMedia(at: now, isLast: false) { return output }
        if nextHello <= now {
            let isLate = state == .connected && isCutOff(at: now)
            nextHello = now.advanced(
                by: isLate ? timing.lateHelloInterval : timing.helloInterval)
            let introduction = Frame.hello(
                hello.continued(
                    isKnown: state == .connected && !isRestarting, nextPicture: pictureCount))
            let frames = hasSound ? [introduction, .sound(SoundFrame())] : [introduction]
            if let output = transmit(frames, at: now) { return output }
        }
        if let due = sourcesDue(at: now), due <= now {
            if let output = transmit([], at: now) { return output }
        }
        if now.since(latestSent) >= timing.keepAliveInterval {
            // Without room for it, a promise this low keeps silent until there is.
            if let output = transmit([.keepAlive], at: now) { return output }
            latestSent = now
        }
        return .wait(until: nextWake(at: now))
    }

    private mutating func pollClosing(
        _ end: SendEnd, _ goodbyesLeft: Int, at now: Instant
    ) -> Output {
        media.removeVoice(from: pictureCount)
        if let output = transmitMedia(at: now, isLast: true) { return output }
        if !media.isEmpty, let next = promise.nextRoom(at: now) {
            return .wait(until: min(next, now.advanced(by: .milliseconds(100))))
        }
        guard nextGoodbye <= now else { return .wait(until: nextGoodbye) }
        guard goodbyesLeft > 0, case .finished(let reason) = end else {
            self.end(end)
            return poll(at: now)
        }
        state = .closing(end, goodbyesLeft: goodbyesLeft - 1)
        nextGoodbye = now.advanced(by: timing.goodbyeInterval)
        let goodbye = GoodbyeFrame(reason: reason, pictureCount: pictureCount)
        return transmit([.goodbye(goodbye)], at: now) ?? .wait(until: nextGoodbye)
    }

    /// Sends the next keypoints and sound, where they are due.
    private mutating func transmitMedia(at now: Instant, isLast: Bool) -> Output? {
        let (frames, unit) = media.takeDue(
            at: now, isLast: isLast, largest: Payload.largestSize,
            room: promise.room(at: now) - overhead,
            keypointRoom: pacer.room(at: now, interval: interval * Pacer.burst) - overhead,
            hasSpareRoom: pacer.free <= now)
        statistics.droppedPictures = media.dropped.pictures
        statistics.droppedVoicePackets = media.dropped.voicePackets
        guard !frames.isEmpty else { return nil }
        latestMedia = now
        if let unit { statistics.pictures += unit.pictureCount }
        for case .voice in frames { statistics.voicePackets += 1 }
        statistics.voicePackets -= media.repeatedVoicePackets - statistics.repeatedVoicePackets
        statistics.repeatedVoicePackets = media.repeatedVoicePackets
        let contents = unit.map { [SentPackets.Content.pictures($0.firstPicture, $0.pictureCount)] }
        return transmit(frames, contents ?? [], at: now)
    }

    /// Sends these frames, and what of the stream and the sources has room beside them; nothing where the promise
    /// leaves no room, or there are none.
    private mutating func transmit(
        _ frames: [Frame], _ contents: [SentPackets.Content] = [], at now: Instant
    ) -> Output? {
        var frames = frames
        var contents = contents
        let room = promise.room(at: now) - overhead
        guard Payload.size(of: frames) <= room else { return nil }
        let fellows = company(beside: frames, room: room, at: now)
        frames += fellows
        let size = Payload.size(of: frames)
        if isFilling(at: now) {
            let paced = min(pacer.datagramSize, pacer.room(at: now, interval: interval)) - overhead
            // The last frame before gets a length of one or two bytes.
            let left = min(paced, room, Payload.largestSize) - size - (frames.isEmpty ? 0 : 2)
            if let (frame, content) = pictures.take(room: left, packet: nextPacketNumber) {
                frames.append(frame)
                contents.append(content)
            } else {
                for (frame, content) in sources.take(room: left, packet: nextPacketNumber) {
                    frames.append(frame)
                    contents.append(content)
                }
            }
        }
        // Where nothing of this direction goes, acknowledgements have a time of their own.
        guard frames.count > fellows.count else { return nil }
        if !fellows.isEmpty { company = [] }
        return .transmit(datagram(frames, contents, at: now))
    }

    /// What goes along of the other direction: no more than the link has room for, so that what is due later
    /// finds its own.
    private func company(beside frames: [Frame], room: Int, at now: Instant) -> [Frame] {
        guard !company.isEmpty else { return [] }
        let paced = pacer.room(at: now, interval: interval * Pacer.burst) - overhead
        let fits = Payload.size(of: frames + company) <= min(room, paced, Payload.largestSize)
        // Sources take eight more at most.
        let count = frames.count + company.count + 8
        return fits && count <= WireConstants.largestFrameCount ? company : []
    }

    /// Until when a datagram with sound or keypoints is expected at the latest; nothing where none goes at present.
    func nextMediaDue(at now: Instant) -> Instant? {
        guard state == .connected, let latestMedia else { return nil }
        let due = latestMedia.advanced(by: interval * 5 / 4)
        return due > now ? due : nil
    }

    /// Whether pictures of the stream and sources may go: not at the end of a call, nor after all was said to nobody.
    private func isFilling(at now: Instant) -> Bool {
        switch state {
        case .connecting: sources.isPending
        case .connected:
            (sources.isPending || pictures.isPending) && !isBlind(at: now) && !isDraining
        case .closing, .closed: false
        }
    }

    /// Whether a queue on the way is to run empty first.
    private var isDraining: Bool { control.map { $0.target < $0.sustainable } ?? false }

    /// Whether acknowledgements stay away: sources would only make a queue longer, or be lost.
    private func isBlind(at now: Instant) -> Bool {
        guard control != nil, let unansweredSince else { return false }
        return now.since(unansweredSince)
            >= packets.roundTrip.timeout + timing.acknowledgementPatience
    }

    /// The one place where datagrams are made.
    private mutating func datagram(
        _ frames: [Frame], _ contents: [SentPackets.Content], at now: Instant
    ) -> [UInt8] {
        let payload = Payload(frames).bytes
        let bytes = Datagram(call: call, packetNumber: nextPacketNumber, payload: payload).bytes
        let size = DataSize(bytes: payload.count + overhead)
        packets.record(nextPacketNumber, contents, size, at: now)
        unansweredSince = unansweredSince ?? now
        nextPacketNumber += 1
        promise.record(payload.count + overhead, at: now)
        pacer.record(payload.count + overhead, at: now)
        latestSent = now
        statistics.sentDatagrams += 1
        statistics.sent += DataSize(bytes: bytes.count)
        for (index, frame) in frames.enumerated() {
            let size = index == frames.count - 1 ? frame.sizeAtEnd : frame.size
            statistics.count(size, of: frame.part)
        }
        if nextPacketNumber > Self.largestPacketNumber { end(.exhausted) }
        return bytes
    }

    /// When sources may go in a datagram of their own: not where one with sound or keypoints comes
    /// soon and has the room.
    private func sourcesDue(at now: Instant) -> Instant? {
        guard isFilling(at: now) else { return nil }
        guard let latestMedia, pacer.datagramSize <= WireConstants.largestDatagram else {
            return max(pacer.free, now)
        }
        return max(pacer.free, latestMedia.advanced(by: interval * 3 / 2), now)
    }

    private mutating func nextWake(at now: Instant) -> Instant {
        let soon = now.advanced(by: .milliseconds(10))
        var wakes = [nextHello, latestSent.advanced(by: timing.keepAliveInterval)]
        if let wake = media.wake {
            // What is due and was not sent waits for room.
            wakes.append(wake <= now || !media.isEmpty ? min(soon, max(wake, soon)) : wake)
        }
        if let due = sourcesDue(at: now) { wakes.append(max(due, soon)) }
        switch state {
        case .connecting(let since): wakes.append(since.advanced(by: timing.connectTimeout))
        default:
            wakes.append(latestHeard.advanced(by: timing.silenceTimeout))
            wakes += [
                packets.nextLoss(patience: timing.acknowledgementPatience), pictures.nextExpiry,
            ].compactMap(\.self)
        }
        // What is past and could not be done now can be done a little later at the earliest.
        return max(wakes.min() ?? soon, now.advanced(by: .milliseconds(1)))
    }
}

extension Frame {
    /// What the frame's bytes are counted for.
    var part: SendStatistics.Part {
        switch self {
        case .keypoints, .keypointsAgain: .keypoints
        case .voice: .voice
        case .sourceOffer, .sourceData, .sourceSet, .sourceDrop: .sources
        case .picture: .stream
        case .acknowledgement, .sourceStatus, .report, .restarted, .pictureStatus: .feedback
        case .hello, .sound, .goodbye, .keepAlive, .hold: .other
        }
    }
}
