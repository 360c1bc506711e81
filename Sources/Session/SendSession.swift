public import Media
public import WireFormat

/// The sender's end of a call, without sockets, clocks or tasks.
///
/// Drive it so: call one of ``add(_:at:)``, ``receive(_:at:)``, ``end(_:at:)``, then drain
/// ``poll(at:)`` until it says ``Output/wait(until:)``; call again at that instant or at the next
/// event. States and timers: `Protocol/packets.md`, section 4.
public struct SendSession: Sendable {
    /// What to do next.
    public enum Output: Hashable, Sendable {
        /// Send this datagram to the peer.
        case transmit([UInt8])
        /// Something happened.
        case event(Event)
        /// Nothing more until then; nothing at all until the next call where there is no instant.
        case wait(until: Instant?)
    }

    /// What the application learns.
    public enum Event: Hashable, Sendable {
        /// The receiver has answered.
        case connected
        /// The receiver holds this source whole.
        case sourceAcknowledged(SourceIdentifier)
        /// The receiver knows this set and holds all of its sources whole.
        case sourceSetAcknowledged(SourceSetNumber)
        /// The receiver has the keypoints of these pictures, whether or not it shows them.
        case picturesAcknowledged(first: PictureNumber, count: Int)
        /// The call is over; nothing follows.
        case ended(SendEnd)
    }

    private enum State: Hashable {
        case connecting(since: Instant)
        case connected
        case closing(SendEnd, goodbyesLeft: Int)
        case closed
    }

    private let call: CallIdentifier
    private let hello: HelloFrame
    private let hasSound: Bool
    private let timing: SessionTiming
    private var state: State
    private var sources: [SourceTransfer] = []
    private var media: MediaQueue
    private var events: [Event] = []
    private var nextPacketNumber: UInt64 = 0
    private var latestFeedback: UInt64?
    private var latestHeard: Instant
    private var nextHello: Instant
    private var nextFragment: Instant
    private var nextGoodbye: Instant
    private var latestSent: Instant
    private var closingSince: Instant
    private var pictureCount = PictureNumber.zero

    /// Counters since the start.
    public private(set) var statistics = SendStatistics()

    /// Starts a call at `now`; the first datagram is a hello.
    ///
    /// - Parameter hasSound: whether sound will be added; pictures then wait a little for theirs.
    public init(
        call: CallIdentifier, hello: HelloFrame, hasSound: Bool = false,
        timing: SessionTiming = SessionTiming(), at now: Instant
    ) {
        self.call = call
        self.hello = hello
        self.hasSound = hasSound
        media = MediaQueue(
            rate: hello.rate, hasSound: hasSound, timing: timing)
        self.timing = timing
        state = .connecting(since: now)
        latestHeard = now
        nextHello = now
        nextFragment = now
        nextGoodbye = now
        closingSince = now
        latestSent = now
    }

    /// Whether the receiver has answered and the call goes on.
    public var isConnected: Bool { state == .connected }

    /// Hands over what an encoder made.
    ///
    /// Keypoints go out with the sound of their time: at the next poll in a call without sound, else
    /// once the sound up to their end was added, or a little later without it. A source goes out in
    /// fragments until it is acknowledged. Keypoints and sound that are added before the receiver has
    /// answered are dropped and counted, and so is sound in a call that was said to have none.
    public mutating func add(_ frame: EncodedFrame, at now: Instant) {
        switch frame {
        case .source(let source):
            sources.append(SourceTransfer(source, timing: timing))
        // Version 2 of the wire has no sets: all sources belong to it.
        case .sourceSet: break
        case .keypoints(let unit):
            pictureCount = max(pictureCount, unit.end)
            guard state == .connected else {
                statistics.unsentPictures += unit.pictureCount
                return
            }
            media.add(unit, at: now)
        case .voice(let voice):
            guard state == .connected, hasSound else {
                statistics.unsentVoicePackets += voice.packet == nil ? 0 : 1
                return
            }
            media.add(voice, at: now)
        }
    }

    /// Takes in a datagram from the receiver; anything that is not one is counted and ignored.
    public mutating func receive(_ bytes: Span<UInt8>, at now: Instant) {
        let datagram: Datagram
        do {
            datagram = try Datagram(parsing: bytes)
        } catch {
            statistics.rejectedDatagrams += 1
            return
        }
        guard datagram.call == call, state != .closed else {
            statistics.rejectedDatagrams += 1
            return
        }
        statistics.received += DataSize(bytes: bytes.count)
        statistics.receivedDatagrams += 1
        latestHeard = now
        for frame in datagram.frames {
            switch frame {
            case .feedback(let feedback): handle(feedback, datagram.packetNumber, at: now)
            case .goodbye(let goodbye): end(.byReceiver(goodbye.reason))
            case .keepAlive: connect()
            case .hello, .sourceFragment, .keypoints, .sound, .voice:
                statistics.rejectedDatagrams += 1
            }
        }
    }

    /// Says goodbye; the session ends when the receiver has answered, or a little later.
    public mutating func end(_ reason: GoodbyeFrame.Reason, at now: Instant) {
        switch state {
        case .closing, .closed: break
        case .connecting, .connected:
            // A receiver that never answered has no source to wait for.
            if state != .connected { sources = [] }
            state = .closing(.finished(reason), goodbyesLeft: timing.goodbyeCount)
            nextGoodbye = now
            closingSince = now
        }
    }

    /// What to do at `now`; call until it returns ``Output/wait(until:)``.
    public mutating func poll(at now: Instant) -> Output {
        if !events.isEmpty { return .event(events.removeFirst()) }
        switch state {
        case .closed:
            return .wait(until: nil)
        case .connecting(let since) where now.since(since) >= timing.connectTimeout:
            end(.noAnswer)
        case .connected where now.since(latestHeard) >= timing.silenceTimeout:
            end(.silence)
        case .connecting, .connected:
            return pollOpen(at: now)
        case .closing(let end, let goodbyesLeft):
            return pollClosing(end, goodbyesLeft, at: now)
        }
        return poll(at: now)
    }

    private mutating func pollOpen(at now: Instant) -> Output {
        if let output = transmitMedia(at: now, isLast: false) { return output }
        if nextHello <= now {
            // Without an answer the peer may be new and not know the call yet: introduce it again.
            if state == .connected { latestFeedback = nil }
            nextHello = now.advanced(by: timing.helloInterval)
            return transmit(
                hasSound ? [.hello(hello), .sound(SoundFrame())] : [.hello(hello)], at: now)
        }
        if state == .connected, nextFragment <= now, let fragment = dueFragment(at: now) {
            nextFragment = now.advanced(by: timing.fragmentInterval)
            statistics.sourceFragments += 1
            return transmit([.sourceFragment(fragment)], at: now)
        }
        if now.since(latestSent) >= timing.keepAliveInterval {
            return transmit([.keepAlive], at: now)
        }
        return .wait(until: nextWake(at: now))
    }

    private mutating func pollClosing(
        _ end: SendEnd, _ goodbyesLeft: Int, at now: Instant
    ) -> Output {
        media.removeVoice(from: pictureCount)
        if let output = transmitMedia(at: now, isLast: true) { return output }
        // Pictures that are on their way are worth nothing without their source.
        if now.since(closingSince) < timing.closingTimeout,
            let due = sources.compactMap(\.nextDue).min()
        {
            let wake = max(due, nextFragment)
            guard wake <= now, let fragment = dueFragment(at: now) else {
                return .wait(until: min(wake, closingSince.advanced(by: timing.closingTimeout)))
            }
            nextFragment = now.advanced(by: timing.fragmentInterval)
            statistics.sourceFragments += 1
            return transmit([.sourceFragment(fragment)], at: now)
        }
        guard nextGoodbye <= now else { return .wait(until: nextGoodbye) }
        guard goodbyesLeft > 0, case .finished(let reason) = end else {
            self.end(end)
            return poll(at: now)
        }
        state = .closing(end, goodbyesLeft: goodbyesLeft - 1)
        nextGoodbye = now.advanced(by: timing.goodbyeInterval)
        let goodbye = GoodbyeFrame(reason: reason, pictureCount: pictureCount)
        return transmit([.goodbye(goodbye)], at: now)
    }

    /// Sends the next keypoints and sound, where they are due.
    private mutating func transmitMedia(at now: Instant, isLast: Bool) -> Output? {
        let header = Datagram(call: call, packetNumber: nextPacketNumber, frames: []).bytes.count
        let frames = media.takeDue(
            at: now, isLast: isLast, room: WireConstants.largestDatagram - header)
        guard !frames.isEmpty else { return nil }
        for frame in frames {
            switch frame {
            case .keypoints(let unit): statistics.pictures += unit.pictureCount
            default:
                statistics.voicePackets += 1
                statistics.voice += frame.size
            }
        }
        return transmit(frames, at: now)
    }

    private mutating func transmit(_ frames: [Frame], at now: Instant) -> Output {
        let bytes = Datagram(call: call, packetNumber: nextPacketNumber, frames: frames).bytes
        nextPacketNumber += 1
        latestSent = now
        statistics.sentDatagrams += 1
        statistics.sent += DataSize(bytes: bytes.count)
        if nextPacketNumber > Datagram.largestPacketNumber { end(.exhausted) }
        return .transmit(bytes)
    }

    private mutating func handle(_ feedback: FeedbackFrame, _ number: UInt64, at now: Instant) {
        connect()
        // Only the newest statement counts; an older one may have been overtaken.
        if let latestFeedback, number <= latestFeedback { return }
        latestFeedback = number
        nextHello = now.advanced(by: timing.helloAfterSilence)
        statistics.peerLostPictures = Int(feedback.lostPictures)
        statistics.peerReceivedDatagrams = Int(feedback.receivedDatagrams)
        for index in sources.indices {
            let status = feedback.sources.first { $0.source == sources[index].source.identifier }
            if sources[index].acknowledge(status) {
                events.append(.sourceAcknowledged(sources[index].source.identifier))
            }
        }
    }

    private mutating func connect() {
        guard case .connecting = state else { return }
        state = .connected
        events.append(.connected)
    }

    private mutating func end(_ end: SendEnd) {
        guard state != .closed else { return }
        if case .closing(let own, _) = state, case .byReceiver(.finished) = end {
            events.append(.ended(own))
        } else {
            events.append(.ended(end))
        }
        state = .closed
        media.removeAll()
    }

    /// The next fragment that was never sent, or whose answer is overdue.
    private mutating func dueFragment(at now: Instant) -> SourceFragmentFrame? {
        for index in sources.indices {
            if let fragment = sources[index].takeDueFragment(at: now) { return fragment }
        }
        return nil
    }

    private func nextWake(at now: Instant) -> Instant {
        var wakes = [nextHello, latestSent.advanced(by: timing.keepAliveInterval)]
        if let wake = media.wake { wakes.append(wake) }
        switch state {
        case .connecting(let since): wakes.append(since.advanced(by: timing.connectTimeout))
        default:
            wakes.append(latestHeard.advanced(by: timing.silenceTimeout))
            if let due = sources.compactMap(\.nextDue).min() {
                wakes.append(max(due, nextFragment))
            }
        }
        return wakes.min() ?? now
    }
}
