import Media
import NetworkEmulation
import Session
import VideoCoding

/// Both ends and the links between them.
extension SimulatedCall {
    /// Lets everything happen up to an instant, or until both ends are done.
    func run(until end: Instant, _ show: (SimulationStep) throws -> Void) throws {
        while !(isSenderOver && isReceiverOver) {
            while let turn = turns.first, turn.at <= now {
                turns.removeFirst()
                take(turn.change)
            }
            while let bytes = there.receive(at: now) {
                receiver.receive(bytes.span, from: address, at: now)
            }
            while let bytes = back.receive(at: now) {
                sender.receive(bytes.span, from: peer, at: now)
            }
            var wakes = [drainSender(), try drainReceiver(show)].compactMap(\.self)
            wakes += [there.nextArrival, back.nextArrival, turns.first?.at].compactMap(\.self)
            guard let next = wakes.min(), next <= end else { break }
            now = max(now, next)
        }
        now = max(now, end)
    }

    /// Keeps what went out over the last two seconds, as if sealed.
    private func countForPromise(_ bytes: [UInt8]) {
        let seal = options.credentials == nil ? 3 : 0
        latestSends.append((now, bytes.count + seal + DataSize.ipv4AndUDPHeaders.bytes))
        latestSends.removeAll { now.since($0.at) > .seconds(2) }
        let size = DataSize(bytes: latestSends.reduce(0) { $0 + $1.bytes })
        result.largestTwoSeconds = max(result.largestTwoSeconds, size)
    }

    /// Hands a datagram to the link and keeps what becomes of it.
    private func send(_ bytes: [UInt8]) {
        let before = there.counts.lost + there.counts.dropped
        there.send(bytes, at: now)
        guard let begin else { return }
        let after = there.counts.lost + there.counts.dropped
        result.trace.sends.append(.init(time: now.since(begin), isLost: after > before))
    }

    /// Keeps when a picture was shown.
    private func note(_ picture: DecodedPicture) {
        guard let begin else { return }
        if picture.origin == .generated {
            result.timeToFirstPicture = result.timeToFirstPicture ?? now.since(.zero)
        }
        let taken = begin.advanced(
            by: options.plan.pictureRate.interval * Int(picture.number.rawValue))
        result.trace.shown.append(
            .init(
                picture: picture.number, time: now.since(begin), delay: now.since(taken),
                isWhole: picture.origin == .generated, isMadeUp: picture.origin == .madeUp,
                isStreamed: picture.origin == .streamed && picture.frame.y != latestLuma))
        latestLuma = picture.frame.y
    }

    /// Keeps how things stand.
    func noteMoment() {
        guard let begin else { return }
        result.trace.moments.append(
            .init(
                time: now.since(begin), wire: wire, returnWire: returnWire,
                voice: sender.statistics.voice, keypoints: sender.statistics.keypoints,
                sources: sender.statistics.sources, stream: sender.statistics.stream,
                target: sender.targetBitrate, plan: follower.plan.rate,
                queueing: sender.statistics.queueingDelay,
                playout: receiver.statistics.playoutDelay,
                lostVoiceTicks: receiver.statistics.lostVoiceTicks))
    }

    private func take(_ change: LinkTurn.Change) {
        switch change {
        case .conditions(let conditions, let backwards):
            there.conditions = conditions
            back.conditions = backwards
        case .address(let address): self.address = address
        }
    }

    private func drainSender() -> Instant? {
        while true {
            switch sender.poll(at: now) {
            case .transmit(let bytes):
                countForPromise(bytes)
                send(bytes)
            case .event(.sourceAcknowledged(let source)): encoder.acknowledge(source)
            case .event(.sourceSetAcknowledged(let set)):
                encoder.acknowledge(set)
                hasSet = true
            case .event(.picturesAcknowledged(let first, let count)):
                encoder.acknowledgePictures(from: first, count: count)
            case .event(.targetBitrate(let rate)): follower.take(rate, at: now)
            case .event(.anchorHeld(let anchor)): fallback?.take(.held(anchor))
            case .event(.anchorLost(let anchor)): fallback?.take(.lost(anchor))
            case .event(.anchorsForgotten): fallback?.take(.forgotten)
            case .event(.connected): break
            case .event(.ended): isSenderOver = true
            case .wait(let wake): return wake
            }
        }
    }

    private func drainReceiver(_ show: (SimulationStep) throws -> Void) throws -> Instant? {
        while true {
            switch receiver.poll(at: now) {
            case .transmit(let bytes, let to):
                // What goes to where the sender was before is lost.
                if to == address { back.send(bytes, at: now) }
            case .event(let event): try take(event, show)
            case .wait(let wake): return wake
            }
        }
    }

    private func take(
        _ event: ReceiveSession.Event, _ show: (SimulationStep) throws -> Void
    ) throws {
        switch event {
        // The call was made without sound.
        case .started: break
        case .voice(let play): result.voiceTicks += play.tickCount
        case .source(let source):
            do {
                let (picture, duration) = try clock.measure { () throws(CodecError) in
                    try decoder.insert(source)
                }
                stages.add("encode source", duration)
                result.timeToFirstStill = result.timeToFirstStill ?? now.since(.zero)
                try show(.heldSource(picture))
            } catch let error as CodecError {
                // A link that flips bits can break a source; a call goes on without it.
                result.rejectedSources.append(error)
            }
        case .sourceSet(let set): decoder.insert(set)
        case .sourceDropped(let source): decoder.remove(source)
        case .keypoints(let unit):
            do {
                try decoder.insert(unit)
            } catch {
                // What it held is shown as missing.
                result.undecodableUnits += 1
            }
        case .picture(let picture):
            if (try? decoder.insert(picture)) == nil { receiver.forgetPictures(at: now) }
        case .held(let held): decoder.insert(held)
        case .keypointsAgain(let again):
            do {
                try decoder.insert(again)
            } catch {
                result.undecodableUnits += 1
            }
        case .play(let number, _):
            let time = options.plan.pictureRate.time(ofPicture: Int(number.rawValue))
            let (picture, duration) = clock.measure {
                decoder.picture(number, time: time)
            }
            guard let picture else { return }
            note(picture)
            switch picture.origin {
            case .generated:
                stages.add("warp", duration)
                result.generatedPictures += 1
            case .madeUp: result.madeUpPictures += 1
            case .streamed: result.streamedPictures += 1
            case .standing: result.standingPictures += 1
            case .missing, .undecodable: break
            }
            try show(.shown(picture))
        case .ended: isReceiverOver = true
        }
    }
}
