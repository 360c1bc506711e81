package import Media
package import Security
package import Session
package import WireFormat

/// A receiver's session and the channel that opens what it gets, driven as the session is.
///
/// Without a channel datagrams come as they are. With one the session sees a sender that never moves: where
/// it is at present is the channel's business.
package struct SecuredReceiveSession: Sendable {
    private var session: ReceiveSession
    private var channel: RespondingChannel?
    private let headers: DataSize
    /// Where the present connection's sender was first; the session knows it by that.
    private var anchor: NetworkAddress?
    /// Counts connections: each is another call to the session.
    private var connections: UInt32 = 0
    private var nextPacketNumber: UInt64 = 0
    private var queue: [ReceiveSession.Output] = []

    /// Puts both together.
    ///
    /// - Parameter headers: what IP and UDP add to each datagram.
    package init(
        _ session: ReceiveSession, channel: RespondingChannel?,
        headers: DataSize = .ipv4AndUDPHeaders
    ) {
        self.session = session
        self.channel = channel
        self.headers = headers
    }

    /// The session's counters; the sizes there are those of plain datagrams.
    package var statistics: ReceiveStatistics { session.statistics }

    /// The channel's counters; all zero without one.
    package var security: SecurityStatistics { channel?.statistics ?? SecurityStatistics() }

    /// What was received, headers and handshake counted.
    package var traffic: Traffic {
        Traffic(
            session.statistics.received, session.statistics.receivedDatagrams, security.received,
            security.receivedHandshakes, isSealed: channel != nil, headers)
    }

    /// The same for what was sent.
    package var returnTraffic: Traffic {
        Traffic(
            session.statistics.sent, session.statistics.sentDatagrams, security.sent,
            security.sentHandshakes, isSealed: channel != nil, headers)
    }

    /// Where the sender is at present; nothing before there is a connection, and without a channel.
    package var peer: NetworkAddress? { channel?.peer }

    /// Ends the call from this side.
    package mutating func end(_ reason: GoodbyeFrame.Reason, at now: Instant) {
        session.end(reason, at: now)
    }

    /// Takes in that a picture of the stream could not be decoded: the sender begins it anew.
    package mutating func forgetPictures(at now: Instant) { session.forgetPictures(at: now) }

    /// Takes in a datagram, which may be anything.
    package mutating func receive(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant
    ) {
        guard channel != nil else { return session.receive(bytes, from: address, at: now) }
        let room = answerRoom(at: now)
        let opened = channel?.receive(bytes, from: address, at: now, answering: room)
        drainChannel(at: now)
        guard let opened, let anchor else { return }
        let plain = Datagram(
            call: CallIdentifier(connections), packetNumber: opened.packetNumber,
            payload: opened.payload
        ).bytes
        session.receive(plain.span, from: anchor, at: now)
    }

    /// What to do at `now`; call until it returns `wait`. Transmitted datagrams are sealed.
    package mutating func poll(at now: Instant) -> ReceiveSession.Output {
        guard channel != nil else { return session.poll(at: now) }
        let channelWake = drainChannel(at: now)
        if !queue.isEmpty { return queue.removeFirst() }
        switch session.poll(at: now) {
        case .transmit(let bytes, _):
            let payload = Array(bytes.dropFirst(Datagram.headerSize))
            guard
                let sealed = try? channel?.seal(payload, packetNumber: nextPacketNumber)
            else {
                // The connection is gone, and nobody there to be told.
                return poll(at: now)
            }
            nextPacketNumber += 1
            // What goes out without a call is a refusal.
            if session.isListening { channel?.release() }
            return .transmit(sealed.datagram, to: sealed.to)
        case .event(let event): return .event(event)
        case .wait(let wake):
            return .wait(until: [wake, channelWake].compactMap(\.self).min())
        }
    }

    /// Which questions are answered: within half of the promise, so that whoever repeats old ones takes no
    /// acknowledgement from the call; a new one, where there is no call yet, within all of it.
    private mutating func answerRoom(at now: Instant) -> AnswerRoom {
        let size = DataSize(bytes: SecurityConstants.handshakeLength + headers.bytes)
        if session.hasRoomBeside(size, within: 0.5, at: now) { return .all }
        return session.isListening && session.hasRoomBeside(size, at: now) ? .first : .none
    }

    /// Takes over what the channel wants done; when it wakes.
    @discardableResult
    private mutating func drainChannel(at now: Instant) -> Instant? {
        while let output = channel?.poll(at: now) {
            switch output {
            case .transmit(let bytes, let address):
                session.countBeside(DataSize(bytes: bytes.count + headers.bytes), at: now)
                queue.append(.transmit(bytes, to: address))
            case .event(.established(_, let address)):
                anchor = address
                connections += 1
                nextPacketNumber = 0
            case .event(.refused): break
            case .event(.failed): session.endAfterForgeries()
            case .wait(let wake): return wake
            }
        }
        return nil
    }
}
