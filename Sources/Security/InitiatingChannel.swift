public import Media

/// The end that asks for a connection, without sockets, clocks or tasks (`Protocol/handshake.md`, section 3).
///
/// Drive it so: call ``receive(_:from:at:)`` or ``seal(_:packetNumber:)``, then drain ``poll(at:)`` until
/// it says ``ChannelOutput/wait(until:)``; call again at that instant or at the next datagram.
public struct InitiatingChannel: Sendable {
    /// One handshake's question, repeated unchanged until it is answered.
    private struct Attempt {
        let handshake: NoiseHandshake
        let question: [UInt8]
        let begun: Instant
        var nextSend: Instant
        var interval: Duration
    }

    private enum State {
        case connecting(Attempt, until: Instant)
        case connected(SecureConnection, renewAt: Instant)
        /// The connection goes on, but the peer is silent: it may be a new one.
        case renewing(SecureConnection, Attempt)
        case closed
    }

    private let address: NetworkAddress
    private let credentials: Credentials
    private let terms: HandshakeTerms
    private let timing: SecurityTiming
    private let forgeryBudget: UInt64
    private var random: any RandomNumberGenerator & Sendable
    private var state = State.closed
    private var queue: [ChannelOutput] = []

    /// Counters since the start.
    public private(set) var statistics = SecurityStatistics()

    /// Asks `address` for a connection, from `now` on.
    ///
    /// - Parameters:
    ///   - terms: What this end needs.
    ///   - random: Draws the ephemeral keys; fit for secrets, as the system's is.
    public init(
        to address: NetworkAddress, credentials: Credentials, terms: HandshakeTerms,
        timing: SecurityTiming = SecurityTiming(),
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        at now: Instant
    ) {
        self.init(
            to: address, credentials: credentials, terms: terms, timing: timing, random: random,
            forgeryBudget: SecurityConstants.forgeryBudget, at: now)
    }

    package init(
        to address: NetworkAddress, credentials: Credentials, terms: HandshakeTerms,
        timing: SecurityTiming, random: any RandomNumberGenerator & Sendable,
        forgeryBudget: UInt64, at now: Instant
    ) {
        self.address = address
        self.credentials = credentials
        self.terms = terms
        self.timing = timing
        self.random = random
        self.forgeryBudget = forgeryBudget
        state = .connecting(makeAttempt(at: now), until: now.advanced(by: timing.connectTimeout))
    }

    /// Whether payloads can be sealed.
    public var isConnected: Bool { connection != nil }

    /// Where the peer is; nothing without a connection.
    public var peer: NetworkAddress? { connection?.address }

    /// Seals a payload for the peer.
    ///
    /// - Parameter packetNumber: Larger than any before it on this connection; the first one is 0.
    /// - Returns: A datagram, ``SecurityConstants/overhead`` bytes longer, and where it goes.
    public mutating func seal(
        _ payload: [UInt8], packetNumber: UInt64
    ) throws(SealingError) -> (datagram: [UInt8], to: NetworkAddress) {
        guard var connection else { throw .notConnected }
        let datagram = try connection.seal(payload, packetNumber)
        replaceConnection(connection)
        return (datagram, connection.address)
    }

    /// Takes in a datagram, which may be anything.
    ///
    /// - Returns: What was inside where the peer has sealed it; nothing otherwise.
    public mutating func receive(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant
    ) -> OpenedDatagram? {
        switch DatagramKind(of: bytes) {
        case .answer:
            takeAnswer(bytes, at: now)
            return nil
        case .sealed: return open(bytes, from: address, at: now)
        case .plain:
            statistics.unprotected += 1
            return nil
        case .question, nil:
            statistics.malformed += 1
            return nil
        }
    }

    /// What to do at `now`; call until it returns ``ChannelOutput/wait(until:)``.
    public mutating func poll(at now: Instant) -> ChannelOutput {
        if !queue.isEmpty { return queue.removeFirst() }
        switch state {
        case .connecting(var attempt, let deadline):
            if deadline <= now { return fail(.noAnswer) }
            if attempt.nextSend <= now {
                let output = repeatQuestion(&attempt, at: now)
                state = .connecting(attempt, until: deadline)
                return output
            }
            return .wait(until: min(attempt.nextSend, deadline))
        case .connected(let connection, let renewAt):
            guard renewAt <= now else { return .wait(until: renewAt) }
            state = .renewing(connection, makeAttempt(at: now))
            return poll(at: now)
        case .renewing(let connection, var attempt):
            guard attempt.nextSend <= now else { return .wait(until: attempt.nextSend) }
            if now.since(attempt.begun) >= timing.connectTimeout {
                // A responder forgets by then what it has answered, and does not answer the same again.
                attempt = makeAttempt(at: now)
            }
            let output = repeatQuestion(&attempt, at: now)
            state = .renewing(connection, attempt)
            return output
        case .closed: return .wait(until: nil)
        }
    }

    private var connection: SecureConnection? {
        switch state {
        case .connected(let connection, _), .renewing(let connection, _): connection
        case .connecting, .closed: nil
        }
    }

    private mutating func replaceConnection(_ connection: SecureConnection) {
        switch state {
        case .connected(_, let renewAt): state = .connected(connection, renewAt: renewAt)
        case .renewing(_, let attempt): state = .renewing(connection, attempt)
        case .connecting, .closed: break
        }
    }

    private mutating func makeAttempt(at now: Instant) -> Attempt {
        var handshake = credentials.handshake(as: .initiator)
        do {
            let message = try handshake.write(
                payload: HandshakePayload(terms: terms).bytes, ephemeral: .drawn(using: &random))
            return Attempt(
                handshake: handshake, question: [DatagramKind.question.firstByte] + message,
                begun: now, nextSend: now, interval: timing.questionInterval)
        } catch {
            preconditionFailure("no key of this end's user is of small order: \(error)")
        }
    }

    private mutating func repeatQuestion(
        _ attempt: inout Attempt, at now: Instant
    ) -> ChannelOutput {
        attempt.nextSend = now.advanced(by: attempt.interval)
        attempt.interval = min(attempt.interval * 2, timing.largestQuestionInterval)
        statistics.sentHandshakes += 1
        statistics.sent += DataSize(bytes: attempt.question.count)
        return .transmit(attempt.question, to: connection?.address ?? address)
    }

    private mutating func takeAnswer(_ bytes: Span<UInt8>, at now: Instant) {
        let attempt: Attempt
        switch state {
        case .connecting(let pending, _), .renewing(_, let pending): attempt = pending
        case .connected, .closed:
            statistics.repeatedHandshakes += 1
            return
        }
        var handshake = attempt.handshake
        guard bytes.count <= SecurityConstants.largestDatagram,
            let payload = try? handshake.read(bytes.array(1..<bytes.count)),
            let answer = HandshakePayload(payload)
        else {
            statistics.forgedHandshakes += 1
            return
        }
        statistics.receivedHandshakes += 1
        statistics.received += DataSize(bytes: bytes.count)
        if let refusal = answer.refusal ?? answer.terms.refusal(of: terms) {
            refuse(refusal, at: now)
        } else {
            state = .connected(
                SecureConnection(
                    handshake, as: .initiator, terms: answer.terms, forgeryBudget: forgeryBudget,
                    to: connection?.address ?? address, at: now),
                renewAt: now.advanced(by: timing.renewAfterSilence))
            queue.append(
                .event(.established(answer.terms, with: connection?.address ?? address)))
        }
    }

    private mutating func refuse(_ refusal: HandshakeRefusal, at now: Instant) {
        if refusal == .busy, let connection {
            // Busy with this very call: the responder still has its keys.
            state = .connected(connection, renewAt: now.advanced(by: timing.renewAfterSilence))
        } else {
            queue.append(fail(.refused(refusal)))
        }
    }

    private mutating func open(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant
    ) -> OpenedDatagram? {
        guard var connection else {
            statistics.forged += 1
            return nil
        }
        let opened = connection.open(bytes, from: address, at: now, counting: &statistics)
        if connection.isClosed {
            queue.append(fail(.forgeryBudgetSpent))
        } else if opened == nil {
            replaceConnection(connection)
        } else {
            state = .connected(connection, renewAt: now.advanced(by: timing.renewAfterSilence))
        }
        return opened
    }

    private mutating func fail(_ failure: HandshakeFailure) -> ChannelOutput {
        state = .closed
        return .event(.failed(failure))
    }
}
