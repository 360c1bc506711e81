public import Media
public import WireFormat

/// The receiver's end of a call, without sockets, clocks or tasks.
///
/// Drive it so: call ``receive(_:from:at:)`` or ``end(_:at:)``, then drain ``poll(at:)`` until it
/// says ``Output/wait(until:)``; call again at that instant or at the next datagram. States and
/// timers: `Protocol/packets.md`, section 4.
public struct ReceiveSession: Sendable {
    /// What to do next.
    public enum Output: Hashable, Sendable {
        /// Send this datagram.
        case transmit([UInt8], to: NetworkAddress)
        /// Something happened.
        case event(Event)
        /// Nothing more until then; nothing at all until the next call where there is no instant.
        case wait(until: Instant?)
    }

    /// What the application learns.
    public enum Event: Hashable, Sendable {
        /// A sender has introduced itself.
        case started(HelloFrame, hasSound: Bool, from: NetworkAddress)
        /// A source has arrived whole.
        case source(CodedSource)
        /// Which sources belong together, as soon as the receiver holds all of them.
        case sourceSet(SourceSet)
        /// Keypoints have arrived, once each, be it too late to be shown: others may be predicted from
        /// them.
        case keypoints(CodedKeypoints)
        /// A picture is due; `isThere` tells whether its keypoints are, from an event before.
        case play(PictureNumber, isThere: Bool)
        /// Sound is due, that of the picture that follows; only in a call that has sound.
        case voice(VoicePlay)
        /// The call is over; nothing follows.
        case ended(ReceiveEnd)
    }

    private enum State: Hashable {
        case listening
        case open
        /// The sender has said goodbye: play what is left up to that number.
        case finishing(GoodbyeFrame)
        case closed
    }

    private struct Peer: Hashable {
        let call: CallIdentifier
        let address: NetworkAddress
    }

    private let expectation: HelloExpectation
    private let playout: Playout
    private let timing: SessionTiming
    private var state = State.listening
    private var peer: Peer?
    private var hello: HelloFrame?
    private var window = PacketNumberWindow()
    private var assemblies: [SourceIdentifier: SourceAssembly] = [:]
    private var buffer = JitterBuffer()
    /// Keypoints whose source is still on its way.
    private var early: [CodedKeypoints] = []
    /// Nothing in a call without sound.
    private var voices: VoicePlayout?
    private var clock: PlayoutClock?
    private var next = PictureNumber.zero
    private var lossInARow = 0
    private var queue: [Output] = []
    private var nextPacketNumber: UInt64 = 0
    private var nextFeedback: Instant?
    private var latestHeard: Instant
    private let started: Instant

    /// Counters since the start.
    public private(set) var statistics = ReceiveStatistics()

    /// Waits for a sender that fits `expectation`, from `now` on.
    public init(
        expecting expectation: HelloExpectation, playout: Playout,
        timing: SessionTiming = SessionTiming(), at now: Instant
    ) {
        self.expectation = expectation
        self.playout = playout
        self.timing = timing
        latestHeard = now
        started = now
    }

    /// Takes in a datagram; anything that is not of this call is counted and ignored.
    public mutating func receive(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant
    ) {
        let datagram: Datagram
        do {
            datagram = try Datagram(parsing: bytes)
        } catch {
            statistics.rejectedDatagrams += 1
            return
        }
        guard state != .closed else { return }
        if peer == nil, case .hello(let hello) = datagram.frames[0] {
            let hasSound = datagram.frames.contains { if case .sound = $0 { true } else { false } }
            accept(hello, hasSound: hasSound, datagram.call, address, at: now)
        }
        guard let peer, peer == Peer(call: datagram.call, address: address) else {
            statistics.rejectedDatagrams += 1
            refuse(datagram, from: address)
            return
        }
        latestHeard = now
        statistics.receivedDatagrams += 1
        statistics.received += DataSize(bytes: bytes.count)
        guard window.insert(datagram.packetNumber) else {
            statistics.duplicateDatagrams += 1
            return
        }
        var place: VoiceTick?
        for frame in datagram.frames { handle(frame, &place, at: now) }
        statistics.missingDatagrams = window.missing
    }

    /// Ends the call from this side.
    public mutating func end(_ reason: GoodbyeFrame.Reason, at now: Instant) {
        guard state != .closed else { return }
        sayGoodbye(reason)
        close(.byReceiver(reason))
    }

    /// What to do at `now`; call until it returns ``Output/wait(until:)``.
    public mutating func poll(at now: Instant) -> Output {
        if !queue.isEmpty { return queue.removeFirst() }
        guard state != .closed else { return .wait(until: nil) }
        guard peer != nil else { return .wait(until: nil) }
        if state == .open, now.since(latestHeard) >= timing.silenceTimeout {
            close(.silence)
            return poll(at: now)
        }
        if let nextFeedback, nextFeedback <= now {
            self.nextFeedback = now.advanced(by: timing.feedbackInterval)
            transmit(.feedback(feedback))
            return poll(at: now)
        }
        if case .finishing(let goodbye) = state, isPlayedOut(goodbye) {
            sayGoodbye(goodbye.reason)
            close(.bySender(goodbye.reason))
            return poll(at: now)
        }
        if next.advanced(by: 1) == nil {
            // All picture numbers are used up (after some five years).
            end(.finished, at: now)
            return poll(at: now)
        }
        startClockIfReady(at: now)
        if playDue(at: now) { return poll(at: now) }
        return .wait(until: nextWake)
    }

    // MARK: Datagrams

    private mutating func accept(
        _ hello: HelloFrame, hasSound: Bool, _ call: CallIdentifier, _ address: NetworkAddress,
        at now: Instant
    ) {
        if let reason = expectation.refusal(of: hello) {
            queue.append(
                .transmit(goodbyeBytes(reason, call: call), to: address))
            return
        }
        peer = Peer(call: call, address: address)
        self.hello = hello
        state = .open
        if hasSound { voices = VoicePlayout(rate: hello.rate) }
        queue.append(.event(.started(hello, hasSound: hasSound, from: address)))
    }

    /// Tells a second sender that this receiver is taken; never more bytes than it sent.
    private mutating func refuse(_ datagram: Datagram, from address: NetworkAddress) {
        guard peer != nil, peer?.call != datagram.call, case .hello = datagram.frames[0] else {
            return
        }
        queue.append(.transmit(goodbyeBytes(.busy, call: datagram.call), to: address))
    }

    /// Takes in a frame; `place` is where sound begins that does not say so itself.
    private mutating func handle(_ frame: Frame, _ place: inout VoiceTick?, at now: Instant) {
        switch frame {
        case .hello: nextFeedback = now
        case .sourceFragment(let fragment): handle(fragment, at: now)
        case .keypoints(let unit):
            place = hello.flatMap { VoiceTick(of: unit.firstPicture, at: $0.rate) }
            handle(unit, at: now)
        case .voice(let frame): handle(frame, &place, at: now)
        case .goodbye(let goodbye):
            if state == .open { state = .finishing(goodbye) }
        // Counts only beside the first hello: a call has sound from its start or not at all.
        case .keepAlive, .sound: break
        case .feedback: statistics.rejectedDatagrams += 1
        }
    }

    private mutating func handle(_ fragment: SourceFragmentFrame, at now: Instant) {
        // What is new is reported soon, and what is not as well: the last report was lost.
        nextFeedback = min(
            nextFeedback ?? now, now.advanced(by: timing.sourceFeedbackInterval))
        if assemblies[fragment.source] == nil {
            guard assemblies.count < WireConstants.largestSourceSet else {
                statistics.rejectedDatagrams += 1
                return
            }
            assemblies[fragment.source] = SourceAssembly(length: fragment.sourceLength)
        }
        guard var assembly = assemblies[fragment.source], assembly.insert(fragment) else { return }
        if assembly.isComplete {
            let source = CodedSource(identifier: fragment.source, payload: assembly.bytes)
            queue.append(.event(.source(source)))
            nextFeedback = now
        }
        assemblies[fragment.source] = assembly
        tellOfKeypoints()
    }

    private mutating func handle(
        _ frame: VoiceFrame, _ place: inout VoiceTick?, at now: Instant
    ) {
        guard let start = frame.start ?? place,
            let voice = CodedVoice(start: start, packet: frame.packet)
        else {
            statistics.rejectedDatagrams += 1
            return
        }
        place = voice.end
        restartIfIdle(at: now)
        guard voices?.insert(voice) == true else {
            statistics.unusedVoicePackets += 1
            return
        }
        statistics.voice += Frame.voice(frame).size
        statistics.voicePackets += 1
    }

    private mutating func handle(_ unit: CodedKeypoints, at now: Instant) {
        if !restartIfIdle(at: now) { clock?.observe(unit, at: now) }
        if clock != nil, unit.firstPicture < next {
            statistics.latePictures += min(
                unit.pictureCount, next.distance(from: unit.firstPicture))
        }
        // What is too late to be shown may still serve others as a reference.
        if unit.end > next, !buffer.insert(unit, next: clock == nil ? nil : next) {
            statistics.rejectedDatagrams += 1
            return
        }
        early.append(unit)
        tellOfKeypoints()
    }

    /// Keypoints are handed on once the source that they refer to is whole.
    private mutating func tellOfKeypoints() {
        var waiting: [CodedKeypoints] = []
        for unit in early {
            if case .source(let source) = unit.reference, assemblies[source]?.isComplete != true {
                waiting.append(unit)
            } else {
                queue.append(.event(.keypoints(unit)))
            }
        }
        early = waiting.suffix(JitterBuffer.largestLead)
    }

    /// A stalled sender goes on: what it left out would be lost at once without a new start.
    @discardableResult
    private mutating func restartIfIdle(at now: Instant) -> Bool {
        guard isIdle, clock.map({ $0.due(next) <= now }) == true else { return false }
        clock?.restart(next, at: now)
        return true
    }

    private var feedback: FeedbackFrame {
        FeedbackFrame(
            largestPacketNumber: window.largest ?? 0, receivedDatagrams: window.count,
            lostPictures: UInt64(statistics.lostPictures),
            sources: assemblies.sorted { $0.key < $1.key }
                .map { SourceStatus(source: $0.key, arrived: $0.value.arrived) })
    }

    private mutating func sayGoodbye(_ reason: GoodbyeFrame.Reason) {
        transmit(.goodbye(GoodbyeFrame(reason: reason, pictureCount: next)))
    }

    private func goodbyeBytes(_ reason: GoodbyeFrame.Reason, call: CallIdentifier) -> [UInt8] {
        let goodbye = GoodbyeFrame(reason: reason, pictureCount: .zero)
        return Datagram(call: call, packetNumber: 0, frames: [.goodbye(goodbye)]).bytes
    }

    private mutating func transmit(_ frame: Frame) {
        guard let peer, nextPacketNumber <= Datagram.largestPacketNumber else { return }
        let bytes = Datagram(call: peer.call, packetNumber: nextPacketNumber, frames: [frame]).bytes
        nextPacketNumber += 1
        statistics.sentDatagrams += 1
        statistics.sent += DataSize(bytes: bytes.count)
        queue.append(.transmit(bytes, to: peer.address))
    }

    private mutating func close(_ end: ReceiveEnd) {
        state = .closed
        queue.append(.event(.ended(end)))
        assemblies = [:]
        buffer = JitterBuffer()
        voices = nil
    }

    // MARK: Playout

    /// Whether the first picture's keypoints and the source that they refer to are there.
    private var canStart: Bool {
        guard let unit = buffer.first.flatMap(buffer.unit) else { return false }
        guard case .source(let source) = unit.reference else { return false }
        return assemblies[source]?.isComplete == true
    }

    private mutating func startClockIfReady(at now: Instant) {
        guard
            clock == nil, canStart, let hello, let first = buffer.first, let end = buffer.end
        else { return }
        let backlog = end.distance(from: first)
        next = first
        if backlog > playout.largestStartingBacklog, let newest = end.advanced(by: -1),
            let start = buffer.unit(with: newest)?.firstPicture
        {
            statistics.skippedPictures += start.distance(from: first)
            next = start
            buffer.remove(before: start)
        }
        voices?.start(at: next)
        clock = PlayoutClock(
            picture: next, at: now, interval: hello.rate.interval, delay: playout.delay)
    }

    /// Plays the next picture, and its sound ahead of it, where it is due.
    private mutating func playDue(at now: Instant) -> Bool {
        guard let clock, !isHolding, clock.due(next) <= now else { return false }
        let unit = buffer.unit(with: next)
        let number = next
        guard let following = next.advanced(by: 1) else { return false }
        if case .finishing(let goodbye) = state, number >= goodbye.pictureCount { return false }
        playVoice(of: number)
        next = following
        buffer.remove(before: following)
        if unit == nil {
            statistics.lostPictures += 1
            lossInARow += 1
            statistics.longestLoss = max(statistics.longestLoss, lossInARow)
        } else {
            statistics.pictures += 1
            lossInARow = 0
        }
        queue.append(.event(.play(number, isThere: unit != nil)))
        return true
    }

    private mutating func playVoice(of picture: PictureNumber) {
        let plays = voices?.play(picture) { buffer.unit(with: $0) != nil } ?? []
        for play in plays {
            if case .lost(let ticks, _, _) = play { statistics.lostVoiceTicks += ticks }
            queue.append(.event(.voice(play)))
        }
    }

    /// Whether the last picture has been played, or none can be any more.
    private func isPlayedOut(_ goodbye: GoodbyeFrame) -> Bool {
        guard clock != nil else { return !canStart }
        return next >= goodbye.pictureCount
            || next.distance(from: goodbye.pictureCount) < -JitterBuffer.largestLead
    }

    /// A recording waits where nothing later has arrived: the sender may just be slow.
    private var isHolding: Bool { isIdle && state == .open }

    /// Whether a recording has nothing to play.
    private var isIdle: Bool {
        playout == .recording && buffer.isEmpty && voices?.isEmpty != false
    }

    private var nextWake: Instant? {
        var wakes: [Instant] = []
        if state == .open { wakes.append(latestHeard.advanced(by: timing.silenceTimeout)) }
        if let nextFeedback { wakes.append(nextFeedback) }
        if let clock, !isHolding { wakes.append(clock.due(next)) }
        return wakes.min()
    }
}
