import CongestionControl
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
        /// The receiver holds this picture of the stream: others may be predicted from it.
        case anchorHeld(PictureNumber)
        /// The receiver will not hold this picture of the stream.
        case anchorLost(PictureNumber)
        /// The receiver holds no picture of the stream: it has to begin anew.
        case anchorsForgotten
        /// The link carries so much, headers counted, for what is said once; never more than was promised.
        case targetBitrate(Bitrate)
        /// The call is over; nothing follows.
        case ended(SendEnd)
    }

    enum State: Hashable {
        case connecting(since: Instant)
        case connected
        case closing(SendEnd, goodbyesLeft: Int)
        case closed
    }

    let call: CallIdentifier
    let hello: HelloFrame
    let hasSound: Bool
    let timing: SessionTiming
    /// What IP and UDP add to each datagram, and room for the seal.
    let overhead: Int
    var interval: Duration
    var state: State
    /// Nothing where the link is known to carry what is promised.
    var control: RateController?
    var toldTarget: Bitrate
    /// When the first packet went out since the last acknowledgement; nothing where none did.
    var unansweredSince: Instant?
    var sources = OutgoingSources()
    var pictures = OutgoingPictures()
    var media: MediaQueue
    var packets = SentPackets()
    var promise: RatePromise
    var pacer: Pacer
    /// Whether the link loses so much that sound is worth saying again.
    var lossFollower = LossFollower()
    var latestLossLook: Instant?
    var events: [Event] = []
    var latestFeedback: UInt64?
    /// Whether a new receiver has said that it holds nothing, and has not heard since.
    var isRestarting = false
    /// The latest pictures that the receiver has acknowledged.
    var heldPictures: [Range<PictureNumber>] = []
    var latestHeard: Instant
    var nextHello: Instant
    var nextGoodbye: Instant
    var latestSent: Instant
    var latestMedia: Instant?
    var pictureCount = PictureNumber.zero

    /// What this end has to say of what comes in: it goes along with the next datagram that has the room. Only
    /// who shares the call with a receiver sets it.
    var company: [Frame] = []

    /// The number of the next datagram; only who shares it with another session sets it.
    package var nextPacketNumber: UInt64 = 0

    /// Counters since the start.
    public internal(set) var statistics = SendStatistics()

    /// No call has more datagrams: the nonces of a seal are as many.
    static let largestPacketNumber: UInt64 = 0x3FFF_FFFF

    /// Starts a call at `now`; the first datagram is a hello.
    ///
    /// - Parameters:
    ///   - hello: what the call is made of; its rate is kept, headers counted, over any two seconds.
    ///   - hasSound: whether sound will be added; pictures then wait a little for theirs.
    ///   - interval: how often a datagram of keypoints and sound goes out.
    ///   - headers: what IP and UDP add to each datagram.
    ///   - startingRate: what the link is thought to carry at first: from there on the rate follows what it
    ///     turns out to carry, up to the promised one. Without it the promised rate is known to fit.
    public init(
        call: CallIdentifier, hello: HelloFrame, hasSound: Bool = false,
        interval: Duration = .milliseconds(120), headers: DataSize = .ipv4AndUDPHeaders,
        startingRate: Bitrate? = nil, timing: SessionTiming = SessionTiming(), at now: Instant
    ) {
        self.call = call
        self.hello = hello
        self.hasSound = hasSound
        self.interval = interval
        overhead = headers.bytes + WireConstants.datagramOverhead
        media = MediaQueue(rate: hello.rate, hasSound: hasSound, timing: timing)
        promise = RatePromise(hello.promisedRate)
        let control = startingRate.map {
            RateController(start: $0, floor: CallPlan.leastTarget, ceiling: hello.promisedRate)
        }
        self.control = control
        toldTarget = control?.target ?? hello.promisedRate
        pacer = Pacer(promise: toldTarget, interval: interval)
        self.timing = timing
        state = .connecting(since: now)
        latestHeard = now
        nextHello = now
        nextGoodbye = now
        latestSent = now
    }

    /// What the call may send at present, headers counted.
    public var targetBitrate: Bitrate {
        // Sources wait while a queue runs empty; nothing else has to.
        control?.sustainable ?? hello.promisedRate
    }

    /// From now on a datagram of keypoints and sound goes out each `interval`.
    public mutating func use(interval: Duration) {
        guard interval > .zero, interval != self.interval else { return }
        self.interval = interval
        pacer = pacer.changed(
            to: targetBitrate, promise: hello.promisedRate, interval: interval)
    }

    /// Whether the receiver has answered and the call goes on.
    public var isConnected: Bool { state == .connected }

    /// Whether the receiver holds a whole set, so that pictures can be shown from it.
    public func isAcknowledged(_ set: SourceSetNumber) -> Bool { sources.isAcknowledged(set) }

    /// Hands over what an encoder made.
    ///
    /// Keypoints go out with the sound of their time: at the next poll in a call without sound, else
    /// once the sound up to their end was added, or a little later without it. Keypoints that nothing
    /// can be shown from, since their set or the source they refer to was not acknowledged, are counted
    /// and not sent; so are keypoints and sound before the receiver has answered, and sound in a call
    /// that was said to have none, and both while the receiver has been silent for seconds. What the rate leaves beside them goes to the stream's
    /// pictures, then to sources in the order they were added, these also before the receiver has answered, until
    /// they are acknowledged.
    public mutating func add(_ frame: EncodedFrame, at now: Instant) {
        switch frame {
        case .source(let source):
            if !sources.add(source) { statistics.refusedSources += 1 }
        case .sourceSet(let set): sources.add(set)
        case .keypoints(let unit):
            pictureCount = max(pictureCount, unit.end)
            guard state == .connected, !isCutOff(at: now), canBeShown(unit),
                media.add(unit, at: now)
            else {
                statistics.unsentPictures += unit.pictureCount
                return
            }
        case .voice(let voice):
            guard state == .connected, !isCutOff(at: now), hasSound else {
                statistics.unsentVoicePackets += voice.packet == nil ? 0 : 1
                return
            }
            media.add(voice, at: now)
        case .picture(let picture):
            // After the end there is nobody to tell.
            guard state != .closed else { return }
            guard state == .connected, !isCutOff(at: now) else {
                return events.append(.anchorLost(picture.number))
            }
            statistics.streamPictures += 1
            pictures.add(picture, at: now)
            tellOfPictures()
        case .held(let held):
            pictureCount = max(pictureCount, held.end)
            guard state == .connected, !isCutOff(at: now) else { return }
            statistics.heldPictures += held.pictureCount
            media.add(held, at: now)
        }
    }

    /// The bytes of sources that have still to go out.
    public var unsentSources: DataSize { sources.unsentSize }

    /// Takes a source out of the call, and the sets that it is in.
    public mutating func drop(_ source: SourceIdentifier) { sources.drop(source) }

    /// Whether nobody has been heard for so long that nobody listens, either.
    func isCutOff(at now: Instant) -> Bool { now.since(latestHeard) >= timing.mediaAfterSilence }

    private func canBeShown(_ unit: CodedKeypoints) -> Bool {
        guard sources.isAcknowledged(unit.sourceSet) else { return false }
        switch unit.reference {
        case .source(let source): return sources.acknowledgedSources.contains(source)
        case .picture(let picture): return heldPictures.contains { $0.contains(picture) }
        }
    }

    /// Says goodbye; the session ends when the receiver has answered, or a little later.
    public mutating func end(_ reason: GoodbyeFrame.Reason, at now: Instant) {
        switch state {
        case .closing, .closed: break
        case .connecting, .connected:
            state = .closing(.finished(reason), goodbyesLeft: timing.goodbyeCount)
            nextGoodbye = now
        }
    }

    /// Takes in a datagram from the receiver; anything that is not one is counted and ignored.
    public mutating func receive(_ bytes: Span<UInt8>, at now: Instant) {
        guard state != .closed, let datagram = try? Datagram(parsing: bytes),
            datagram.call == call, let payload = try? Payload(parsing: datagram.payload.span)
        else {
            statistics.rejectedDatagrams += 1
            return
        }
        statistics.received += DataSize(bytes: bytes.count)
        statistics.receivedDatagrams += 1
        receive(payload, datagram.packetNumber, at: now)
    }

    /// Takes in what a datagram of this call carries.
    mutating func receive(_ payload: Payload, _ packetNumber: UInt16, at now: Instant) {
        latestHeard = now
        let isNew = payload.frames.contains(.restarted)
        if isNew, !isRestarting { latestFeedback = nil }
        let number = LowBits.expand(packetNumber, near: latestFeedback.map { $0 + 1 } ?? 0)
        var acknowledgement: AcknowledgementFrame?
        for frame in payload.frames {
            switch frame {
            case .acknowledgement(let frame): acknowledgement = frame
            case .goodbye(let goodbye) where goodbye.isReceivers:
                end(.byReceiver(goodbye.reason))
            case .report(let report): take(report)
            case .keepAlive: connect()
            case .restarted: restart(at: now)
            // The other direction's, or with the acknowledgement below.
            case .hello, .sound, .goodbye, .keypoints, .keypointsAgain, .voice, .sourceOffer,
                .sourceData, .sourceSet, .sourceDrop, .sourceStatus, .hold, .picture,
                .pictureStatus:
                break
            }
        }
        guard state != .closed, let acknowledgement else { return }
        // Only the newest statement counts; an older one may have been overtaken.
        if let latestFeedback, number <= latestFeedback { return }
        if !isNew { isRestarting = false }
        take(acknowledgement, payload, number, at: now)
    }

    private mutating func take(
        _ acknowledgement: AcknowledgementFrame, _ payload: Payload, _ number: UInt64,
        at now: Instant
    ) {
        guard
            let fate = packets.acknowledge(acknowledgement, sent: nextPacketNumber, at: now)
        else {
            statistics.rejectedDatagrams += 1
            return
        }
        latestFeedback = number
        unansweredSince = nil
        nextHello = now.advanced(by: timing.helloAfterSilence)
        adapt(to: fate, acknowledgement, at: now)
        connect()
        for frame in payload.frames {
            if case .sourceStatus(let status) = frame { sources.acknowledge(status) }
        }
        for packet in fate.arrived {
            sources.arrived(packet)
            pictures.arrived(packet)
            for case .pictures(let first, let count) in packet.contents {
                heldPictures.append(first..<(first.advanced(by: count) ?? first))
                if heldPictures.count > WireConstants.largestReferenceDistance {
                    heldPictures.removeFirst()
                }
                events.append(.picturesAcknowledged(first: first, count: count))
            }
        }
        for packet in fate.lost {
            sources.lost(packet)
            pictures.lost(packet)
        }
        for case .pictureStatus(let status) in payload.frames { pictures.acknowledge(status) }
        tellOfPictures()
        let news = sources.takeNews()
        events += news.sources.map { .sourceAcknowledged($0) }
        events += news.sets.map { .sourceSetAcknowledged($0) }
    }

    /// Takes in what an acknowledgement tells of the link.
    private mutating func adapt(
        to fate: SentPackets.Fate, _ acknowledgement: AcknowledgementFrame, at now: Instant
    ) {
        guard control != nil else { return }
        var report = DeliveryReport()
        report.newest = fate.newest.map {
            .init(size: $0.size, sent: $0.time, arrival: acknowledgement.arrival)
        }
        report.deliveredPackets = fate.arrived.count
        for packet in fate.arrived { report.delivered += packet.size }
        report.lost = fate.lost.map { .init(size: $0.size, sent: $0.time) }
        report.roundTrip = packets.roundTrip.smoothed
        report.isFilled = sources.isPending
        control?.take(report, at: now)
        let target = targetBitrate
        statistics.queueingDelay = control?.queueingDelay ?? .zero
        statistics.lossShare = control?.lossShare ?? 0
        if latestLossLook.map({ now.since($0) >= Self.lossLookInterval }) ?? true {
            latestLossLook = now
            lossFollower.take(statistics.lossShare)
            media.saysVoiceAgain = lossFollower.isLossy
        }
        statistics.roundTrip = packets.roundTrip.smoothed
        statistics.targetBitrate = target
        pacer = pacer.changed(to: target, promise: hello.promisedRate, interval: interval)
        let told = media.saysVoiceAgain ? planned(of: target) : target
        let change = abs(told.bitsPerSecond / toldTarget.bitsPerSecond - 1)
        guard change > Self.tellingChange || (told == hello.promisedRate && change > 0) else {
            return
        }
        toldTarget = told
        events.append(.targetBitrate(told))
    }

    /// Where much is lost, a part of the target is for what is said again and for sources, as far as a voice and all
    /// pictures leave it.
    private func planned(of target: Bitrate) -> Bitrate {
        let rate = target.bitsPerSecond
        let least = min(rate, CallPlan.startingRate.bitsPerSecond)
        return Bitrate(bitsPerSecond: max(rate * Self.plannedShare, least))
    }

    private static let plannedShare = 0.8

    /// Between looks at the loss.
    private static let lossLookInterval = Duration.seconds(1)

    /// Smaller changes of the target are not told.
    private static let tellingChange = 0.03

    /// Another receiver has taken the first one's place: everything has to be said again.
    private mutating func restart(at now: Instant) {
        guard !isRestarting, state == .connected else { return }
        isRestarting = true
        latestFeedback = nil
        packets = SentPackets()
        heldPictures = []
        sources.restart()
        pictures.restart()
        tellOfPictures()
        nextHello = now
    }

    private mutating func take(_ report: ReportFrame) {
        statistics.peerLostPictures = Int(report.lostPictures)
        statistics.peerLostVoiceTicks = Int(report.lostVoiceTicks)
        statistics.peerReceivedDatagrams = Int(report.receivedDatagrams)
    }

    private mutating func connect() {
        guard case .connecting = state else { return }
        state = .connected
        events.append(.connected)
    }

    mutating func end(_ end: SendEnd) {
        guard state != .closed else { return }
        if case .closing(let own, _) = state, case .byReceiver(.finished) = end {
            events.append(.ended(own))
        } else {
            events.append(.ended(end))
        }
        state = .closed
        media.removeAll()
    }
}
