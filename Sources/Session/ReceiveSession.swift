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
        /// A source has arrived whole, and is what the sender said it would be.
        case source(CodedSource)
        /// Which sources belong together, as soon as the receiver holds all of them.
        case sourceSet(SourceSet)
        /// A source is not needed any more.
        case sourceDropped(SourceIdentifier)
        /// Keypoints have arrived, once each, be it too late to be shown: others may be predicted from
        /// them.
        case keypoints(CodedKeypoints)
        /// Keypoints of pictures that had not arrived were said again, in time to be shown.
        case keypointsAgain(KeypointsAgain)
        /// A picture of the stream has arrived whole, and what it is predicted from was given out before.
        case picture(StreamPicture)
        /// These pictures have no keypoints: the newest other picture stands.
        case held(HeldPictures)
        /// A picture is due; `isThere` tells whether its keypoints are, from an event before.
        case play(PictureNumber, isThere: Bool)
        /// Sound is due, that of the picture that follows; only in a call that has sound.
        case voice(VoicePlay)
        /// The call is over; nothing follows.
        case ended(ReceiveEnd)
    }

    enum State: Hashable {
        case listening
        case open
        /// The sender has said goodbye: play what is left up to that number.
        case finishing(GoodbyeFrame)
        case closed
    }

    struct Peer: Hashable {
        let call: CallIdentifier
        let address: NetworkAddress
    }

    let expectation: HelloExpectation
    let playout: Playout
    let timing: SessionTiming
    let overhead: Int
    /// What IP and UDP add to each datagram.
    private let headers: DataSize
    /// Whether who sends from an address has shown to be there.
    private let isPeerProven: Bool
    /// What came from the peer less what went there, headers counted.
    private var credit = 0
    /// What this end was told to promise; else what the sender promises.
    let ownRate: Bitrate?
    var state = State.listening
    var peer: Peer?
    var packets = PacketNumbers()
    var latestArrival = Instant.zero
    var sources: IncomingSources
    var pictures = IncomingPictures()
    var player: Player?
    var promise: RatePromise
    var feedback: FeedbackClock?
    var nextReport: Instant?
    /// Until then a datagram of this end's own sending is expected, which can take acknowledgements along; only
    /// who shares the call with a sender sets it.
    var companyDue: Instant?
    /// Whether the call had gone on before this receiver came, and the sender does not know yet.
    var isNewcomer = false
    var queue: [Output] = []
    var latestHeard: Instant

    /// The number of the next datagram; only who shares it with another session sets it.
    package var nextPacketNumber: UInt64 = 0

    /// Counters since the start.
    public internal(set) var statistics = ReceiveStatistics()

    /// The rate that answers keep to before any sender has said its own.
    static let strangersRate = Bitrate(kilobitsPerSecond: 12)

    /// Waits for a sender that fits `expectation`, from `now` on.
    ///
    /// - Parameters:
    ///   - rate: what this end puts on the wire at most, headers counted, over any two seconds; the
    ///     sender's own promise where it is nothing.
    ///   - headers: what IP and UDP add to each datagram.
    ///   - isPeerProven: whether a handshake has shown that the sender is where its datagrams seem to come from.
    ///     Otherwise no more bytes go there than came: a hello with somebody else's address floods nobody.
    ///   - cache: sources of earlier calls.
    public init(
        expecting expectation: HelloExpectation, playout: Playout, rate: Bitrate? = nil,
        headers: DataSize = .ipv4AndUDPHeaders, isPeerProven: Bool = false,
        cache: SourceCache = SourceCache(),
        timing: SessionTiming = SessionTiming(), at now: Instant
    ) {
        self.expectation = expectation
        self.playout = playout
        self.timing = timing
        ownRate = rate
        self.headers = headers
        self.isPeerProven = isPeerProven
        overhead = headers.bytes + WireConstants.datagramOverhead
        promise = RatePromise(rate ?? Self.strangersRate)
        sources = IncomingSources(cache: cache)
        latestHeard = now
    }

    /// What has arrived of sources, for the next call; all of it once this one is over.
    public var sourceCache: SourceCache { sources.cache }

    /// Takes in that a picture of the stream could not be decoded: the sender begins it anew.
    public mutating func forgetPictures(at now: Instant) {
        guard state != .closed else { return }
        pictures.forget()
        feedback?.hear(isUrgent: true, at: now)
    }

    /// Whether there is no call yet.
    public var isListening: Bool { state == .listening }

    /// Takes in a datagram; anything that is not of this call is counted and ignored.
    public mutating func receive(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant
    ) {
        guard let datagram = try? Datagram(parsing: bytes),
            let payload = try? Payload(parsing: datagram.payload.span)
        else {
            statistics.rejectedDatagrams += 1
            return
        }
        receive(
            payload, datagram, DataSize(bytes: bytes.count), from: address, at: now)
    }

    private mutating func receive(
        _ payload: Payload, _ datagram: Datagram, _ size: DataSize, from address: NetworkAddress,
        at now: Instant
    ) {
        guard state != .closed else { return }
        if peer == nil, case .hello(let hello) = payload.frames[0] {
            let hasSound = payload.frames.contains { if case .sound = $0 { true } else { false } }
            accept(hello, hasSound: hasSound, datagram.call, address, at: now)
        }
        guard let peer, peer == Peer(call: datagram.call, address: address) else {
            statistics.rejectedDatagrams += 1
            refuse(payload, datagram.call, from: address, at: now)
            return
        }
        latestHeard = now
        credit += size.bytes + headers.bytes
        statistics.receivedDatagrams += 1
        statistics.received += size
        let number = packets.expand(datagram.packetNumber)
        guard packets.insert(number) else {
            statistics.duplicateDatagrams += 1
            return
        }
        if packets.largest == number { latestArrival = now }
        take(payload, at: now)
        statistics.missingDatagrams = packets.missing
    }

    /// Ends the call from this side.
    public mutating func end(_ reason: GoodbyeFrame.Reason, at now: Instant) {
        guard state != .closed else { return }
        sayGoodbye(reason, at: now)
        close(.byReceiver(reason))
    }

    /// Ends the call since more forged datagrams came than may.
    public mutating func endAfterForgeries() {
        guard state != .closed else { return }
        close(.forged)
    }

    // MARK: Callers

    private mutating func accept(
        _ hello: HelloFrame, hasSound: Bool, _ call: CallIdentifier, _ address: NetworkAddress,
        at now: Instant
    ) {
        if let reason = expectation.refusal(of: hello) {
            answer(reason, call, to: address, at: now)
            return
        }
        peer = Peer(call: call, address: address)
        state = .open
        isNewcomer = hello.isKnown
        player = Player(
            rate: hello.rate, playout: playout, hasSound: hasSound, next: hello.nextPicture)
        let rate = ownRate ?? hello.promisedRate
        if ownRate == nil { promise = promise.changed(to: rate) }
        feedback = FeedbackClock(timing: timing, rate: rate)
        nextReport = now.advanced(by: timing.reportInterval)
        queue.append(.event(.started(hello, hasSound: hasSound, from: address)))
    }

    /// Tells a second sender that this receiver is taken.
    private mutating func refuse(
        _ payload: Payload, _ call: CallIdentifier, from address: NetworkAddress, at now: Instant
    ) {
        guard let peer, peer.call != call, case .hello = payload.frames[0] else { return }
        answer(.busy, call, to: address, at: now)
    }

    /// Answers somebody who is not the peer; never more bytes than were asked with, nor than promised.
    private mutating func answer(
        _ reason: GoodbyeFrame.Reason, _ call: CallIdentifier, to address: NetworkAddress,
        at now: Instant
    ) {
        let goodbye = GoodbyeFrame(reason: reason, pictureCount: .zero, isReceivers: true)
        transmit([.goodbye(goodbye)], to: Peer(call: call, address: address), number: 0, at: now)
    }

    // MARK: Sending

    mutating func sayGoodbye(_ reason: GoodbyeFrame.Reason, at now: Instant) {
        let goodbye = GoodbyeFrame(
            reason: reason, pictureCount: player?.next ?? .zero, isReceivers: true)
        transmit([.goodbye(goodbye)], at: now)
    }

    /// Sends frames to the peer; false where the promise leaves no room, or too little came from there.
    @discardableResult
    mutating func transmit(_ frames: [Frame], at now: Instant) -> Bool {
        let cost = headers.bytes + Datagram.headerSize + Payload.size(of: frames)
        guard let peer, isPeerProven || cost <= credit,
            nextPacketNumber <= SendSession.largestPacketNumber,
            transmit(frames, to: peer, number: nextPacketNumber, at: now)
        else { return false }
        credit -= cost
        nextPacketNumber += 1
        return true
    }

    /// The one place where datagrams are made.
    @discardableResult
    private mutating func transmit(
        _ frames: [Frame], to peer: Peer, number: UInt64, at now: Instant
    ) -> Bool {
        let payload = Payload(frames).bytes
        guard payload.count + overhead <= promise.room(at: now) else { return false }
        let bytes = Datagram(call: peer.call, packetNumber: number, payload: payload).bytes
        promise.record(payload.count + overhead, at: now)
        statistics.sentDatagrams += 1
        statistics.sent += DataSize(bytes: bytes.count)
        queue.append(.transmit(bytes, to: peer.address))
        return true
    }

    mutating func close(_ end: ReceiveEnd) {
        state = .closed
        queue.append(.event(.ended(end)))
        sources.removeAll()
        player = nil
    }
}
