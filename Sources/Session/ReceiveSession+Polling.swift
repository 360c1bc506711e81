public import Media
import WireFormat

/// What the receiver does when.
extension ReceiveSession {
    /// What to do at `now`; call until it returns ``Output/wait(until:)``.
    public mutating func poll(at now: Instant) -> Output {
        if !queue.isEmpty { return queue.removeFirst() }
        guard state != .closed, peer != nil, var player else { return .wait(until: nil) }
        if state == .open, now.since(latestHeard) >= timing.silenceTimeout {
            close(.silence)
            return poll(at: now)
        }
        if let wake = feedbackWake, wake <= now {
            speak(at: now)
            if !queue.isEmpty { return queue.removeFirst() }
        }
        if case .finishing(let goodbye) = state, player.isPlayedOut(goodbye.pictureCount) {
            sayGoodbye(goodbye.reason, at: now)
            close(.bySender(goodbye.reason))
            return poll(at: now)
        }
        if player.next.advanced(by: 1) == nil {
            // All picture numbers are used up (after some five years).
            end(.finished, at: now)
            return poll(at: now)
        }
        player.startIfReady(at: now, &statistics)
        let events = player.play(
            at: now, until: lastPicture, isOpen: state == .open, &statistics)
        self.player = player
        queue += events.map { .event($0) }
        return queue.isEmpty ? .wait(until: nextWake(player, at: now)) : queue.removeFirst()
    }

    private var lastPicture: PictureNumber? {
        if case .finishing(let goodbye) = state { goodbye.pictureCount } else { nil }
    }

    /// When an acknowledgement goes out alone: what is not urgent waits for company where some is expected.
    private var feedbackWake: Instant? {
        guard let feedback, let wake = feedback.wake else { return nil }
        guard !feedback.isUrgent, let companyDue else { return wake }
        return max(wake, companyDue)
    }

    /// Says what has arrived, now or, where the promise leaves no room, a little later.
    private mutating func speak(at now: Instant) {
        let frames = statement(at: now)
        if transmit(frames, at: now) {
            told(frames, at: now)
        } else {
            feedback?.postpone(at: now)
        }
    }

    /// What is to be said of what came in, for a datagram that goes anyway; nothing where that can wait.
    func company(at now: Instant) -> [Frame] {
        guard state == .open, let feedback, feedback.wantsCompany(at: now) else { return [] }
        return statement(at: now)
    }

    /// Takes in that the sender is told so, alone or in a datagram of the other direction.
    mutating func told(_ frames: [Frame], at now: Instant) {
        var statements: [SourceStatusFrame] = []
        for frame in frames {
            switch frame {
            case .sourceStatus(let statement): statements.append(statement)
            case .pictureStatus: pictures.toldStatement()
            case .report: nextReport = now.advanced(by: timing.reportInterval)
            default: break
            }
        }
        sources.told(statements)
        feedback?.speak(at: now)
    }

    /// All there is to say: each statement is whole.
    private func statement(at now: Instant) -> [Frame] {
        let age = max(0, min(now.since(latestArrival).wholeMicroseconds / 1000, 16_383))
        let milliseconds = latestArrival.nanoseconds / 1_000_000
        var frames: [Frame] = isNewcomer ? [.restarted] : []
        if let acknowledgement = packets.acknowledgement(
            delay: Int(age), arrival: UInt16(truncatingIfNeeded: milliseconds))
        {
            frames.append(.acknowledgement(acknowledgement))
        }
        frames += sources.statements(largestCount: 4).map { .sourceStatus($0) }
        if let statement = pictures.statement { frames.append(.pictureStatus(statement)) }
        if let nextReport, nextReport <= now { frames.append(.report(report)) }
        return frames
    }

    private var report: ReportFrame {
        ReportFrame(
            receivedDatagrams: UInt32(clamping: packets.count),
            lostPictures: UInt32(clamping: statistics.lostPictures),
            lostVoiceTicks: UInt32(clamping: statistics.lostVoiceTicks))
    }

    private func nextWake(_ player: Player, at now: Instant) -> Instant? {
        var wakes: [Instant] = []
        if state == .open { wakes.append(latestHeard.advanced(by: timing.silenceTimeout)) }
        if let wake = feedbackWake { wakes.append(wake) }
        if let wake = player.wake(isOpen: state == .open) { wakes.append(wake) }
        return wakes.min().map { max($0, now.advanced(by: .nanoseconds(1))) }
    }
}
