package import Media
package import Security
package import Session
package import WireFormat

/// A sender's session and the channel that seals its datagrams, driven as the session is.
///
/// Without a channel datagrams go as they are. With one the session says nothing until there is a connection.
package struct SecuredSendSession: Sendable {
    private var session: SendSession
    private var channel: InitiatingChannel?
    private let call: CallIdentifier
    private let headers: DataSize
    /// What the connection's packet numbers are behind the session's, a multiple of 65,536.
    private var base: UInt64 = 0
    /// A question for which the promise has no room yet.
    private var question: [UInt8]?
    private var isOver = false
    private var ownEnd: SendEnd?

    /// Puts both together.
    ///
    /// - Parameters:
    ///   - call: the session's.
    ///   - headers: what IP and UDP add to each datagram.
    package init(
        _ session: SendSession, call: CallIdentifier, channel: InitiatingChannel?,
        headers: DataSize = .ipv4AndUDPHeaders
    ) {
        self.session = session
        self.channel = channel
        self.call = call
        self.headers = headers
    }

    /// The session's counters; the sizes there are those of plain datagrams.
    package var statistics: SendStatistics { session.statistics }

    /// The channel's counters; all zero without one.
    package var security: SecurityStatistics { channel?.statistics ?? SecurityStatistics() }

    /// What was sent and received, headers and handshake counted.
    package var traffic: Traffic {
        Traffic(
            session.statistics.sent, session.statistics.sentDatagrams, security.sent,
            security.sentHandshakes, isSealed: channel != nil, headers)
    }

    /// The same for what was received.
    package var returnTraffic: Traffic {
        Traffic(
            session.statistics.received, session.statistics.receivedDatagrams, security.received,
            security.receivedHandshakes, isSealed: channel != nil, headers)
    }

    /// Whether the receiver holds a whole set, so that pictures can be shown from it.
    package func isAcknowledged(_ set: SourceSetNumber) -> Bool { session.isAcknowledged(set) }

    /// What the call may send at present, headers counted.
    package var targetBitrate: Bitrate { session.targetBitrate }

    /// From now on a datagram of keypoints and sound goes out each `interval`.
    package mutating func use(interval: Duration) { session.use(interval: interval) }

    /// Takes a source out of the call, and the sets that it is in.
    package mutating func drop(_ source: SourceIdentifier) { session.drop(source) }

    /// The bytes of sources that have still to go out.
    package var unsentSources: DataSize { session.unsentSources }

    /// The bytes of the stream's pictures that have still to go out.
    package var unsentPictures: DataSize { session.unsentPictures }

    /// Gives up what has not gone of the stream's pictures.
    package mutating func endStream() { session.endStream() }

    /// Hands over what an encoder made.
    package mutating func add(_ frame: EncodedFrame, at now: Instant) {
        session.add(frame, at: now)
    }

    /// Says goodbye, where there is anybody to say it to.
    package mutating func end(_ reason: GoodbyeFrame.Reason, at now: Instant) {
        session.end(reason, at: now)
        if let channel, !channel.isConnected { ownEnd = .finished(reason) }
    }

    /// Takes in a datagram, which may be anything.
    package mutating func receive(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant
    ) {
        guard channel != nil else { return session.receive(bytes, at: now) }
        guard let opened = channel?.receive(bytes, from: address, at: now) else { return }
        let plain = Datagram(
            call: call, packetNumber: opened.packetNumber, payload: opened.payload
        ).bytes
        session.receive(plain.span, at: now)
    }

    /// What to do at `now`; call until it returns `wait`. Transmitted datagrams are sealed.
    package mutating func poll(at now: Instant) -> SendSession.Output {
        guard channel != nil else { return session.poll(at: now) }
        guard !isOver else { return .wait(until: nil) }
        if let ownEnd { return finish(ownEnd) }
        if let question { return ask(question, at: now) }
        guard let output = channel?.poll(at: now) else { return session.poll(at: now) }
        switch output {
        case .transmit(let bytes, _): return ask(bytes, at: now)
        case .event(.established):
            // A second time: the receiver is a new one, and hears so in the hello that follows silence. It
            // acknowledges by low 16 bits, which stay the session's; those above start from zero.
            base = session.nextPacketNumber & ~0xFFFF
            session.begin(at: now)
            return poll(at: now)
        case .event(.failed(let failure)): return finish(SendEnd(failure))
        case .event(.refused): return poll(at: now)
        case .wait(let wake): return pollSession(channelWake: wake, at: now)
        }
    }

    /// Sends a question once there is room for it; until then nothing else goes, since a call that asks has been
    /// heard by nobody for seconds.
    private mutating func ask(_ bytes: [UInt8], at now: Instant) -> SendSession.Output {
        let size = DataSize(bytes: bytes.count + headers.bytes)
        let due = session.whenRoomBeside(size, at: now)
        question = due > now ? bytes : nil
        guard due <= now else { return .wait(until: due) }
        session.countBeside(size, at: now)
        return .transmit(bytes)
    }

    private mutating func pollSession(
        channelWake: Instant?, at now: Instant
    ) -> SendSession.Output {
        guard channel?.isConnected == true else { return .wait(until: channelWake) }
        switch session.poll(at: now) {
        case .transmit(let bytes):
            let payload = Array(bytes.dropFirst(Datagram.headerSize))
            let number = session.nextPacketNumber - 1 - base
            guard let sealed = try? channel?.seal(payload, packetNumber: number) else {
                return finish(.exhausted)
            }
            return .transmit(sealed.datagram)
        case .event(let event):
            if case .ended = event { isOver = true }
            return .event(event)
        case .wait(let wake):
            return .wait(until: [wake, channelWake].compactMap(\.self).min())
        }
    }

    private mutating func finish(_ end: SendEnd) -> SendSession.Output {
        isOver = true
        return .event(.ended(end))
    }
}

extension SendEnd {
    /// What a handshake's failure means to a call.
    init(_ failure: HandshakeFailure) {
        switch failure {
        case .noAnswer: self = .noAnswer
        case .refused(.weightsDiffer): self = .byReceiver(.weightsDiffer)
        case .refused(.unsupported): self = .byReceiver(.unsupported)
        case .refused(.busy): self = .byReceiver(.busy)
        case .forgeryBudgetSpent: self = .forged
        }
    }
}
