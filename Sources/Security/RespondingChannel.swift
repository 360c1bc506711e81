public import Media

/// The end that waits for somebody with the key, without sockets, clocks or tasks.
///
/// Driven as ``InitiatingChannel`` is. It answers only authentic questions, each with one datagram that is
/// not longer, and believes in a connection when the first sealed datagram has come: a question that
/// somebody else has recorded leads no further than to an answer that nobody can use.
public struct RespondingChannel: Sendable {
    private let credentials: Credentials
    private let terms: HandshakeTerms
    private let timing: SecurityTiming
    private let forgeryBudget: UInt64
    private var random: any RandomNumberGenerator & Sendable
    private var connection: SecureConnection?
    private var isClosed = false
    /// Whether the peer may keep others away.
    private var isTaken = false
    private var answers = AnswerTable()
    private var queue: [ChannelOutput] = []

    /// Counters since the start.
    public private(set) var statistics = SecurityStatistics()

    /// Waits for a question.
    ///
    /// - Parameters:
    ///   - terms: What this end takes.
    ///   - random: Draws the ephemeral keys; fit for secrets, as the system's is.
    public init(
        credentials: Credentials, terms: HandshakeTerms, timing: SecurityTiming = SecurityTiming(),
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.init(
            credentials: credentials, terms: terms, timing: timing, random: random,
            forgeryBudget: SecurityConstants.forgeryBudget)
    }

    package init(
        credentials: Credentials, terms: HandshakeTerms, timing: SecurityTiming,
        random: any RandomNumberGenerator & Sendable, forgeryBudget: UInt64
    ) {
        self.credentials = credentials
        self.terms = terms
        self.timing = timing
        self.random = random
        self.forgeryBudget = forgeryBudget
    }

    /// Whether payloads can be sealed.
    public var isConnected: Bool { connection != nil }

    /// Where the peer is; nothing without a connection.
    public var peer: NetworkAddress? { connection?.address }

    /// How many answers wait for their first sealed datagram.
    package var openAnswers: Int { answers.entries.count { $0.connection != nil } }

    /// Seals a payload for the peer; see ``InitiatingChannel/seal(_:packetNumber:)``.
    public mutating func seal(
        _ payload: [UInt8], packetNumber: UInt64
    ) throws(SealingError) -> (datagram: [UInt8], to: NetworkAddress) {
        guard var connection else { throw .notConnected }
        let datagram = try connection.seal(payload, packetNumber)
        self.connection = connection
        return (datagram, connection.address)
    }

    /// Lets others have a connection: there is no call with this peer, or none any more.
    public mutating func release() { isTaken = false }

    /// Takes in a datagram, which may be anything.
    ///
    /// - Parameter room: Which questions there is room to answer.
    /// - Returns: What was inside where a peer has sealed it; nothing otherwise.
    public mutating func receive(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant,
        answering room: AnswerRoom = .all
    ) -> OpenedDatagram? {
        guard !isClosed else { return nil }
        switch DatagramKind(of: bytes) {
        case .question:
            takeQuestion(bytes, from: address, at: now, room)
            return nil
        case .sealed: return open(bytes, from: address, at: now)
        case .plain:
            statistics.unprotected += 1
            return nil
        case .answer, nil:
            statistics.malformed += 1
            return nil
        }
    }

    /// What to do at `now`; call until it returns ``ChannelOutput/wait(until:)``.
    public mutating func poll(at now: Instant) -> ChannelOutput {
        if !queue.isEmpty { return queue.removeFirst() }
        answers.removeAnswers(olderThan: timing.answerTimeout, at: now)
        return .wait(until: answers.nextExpiry(after: timing.answerTimeout))
    }

    // MARK: Questions

    private mutating func takeQuestion(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant, _ room: AnswerRoom
    ) {
        // A shorter one would get an answer longer than itself.
        guard
            bytes.count >= SecurityConstants.handshakeLength,
            bytes.count <= SecurityConstants.largestDatagram
        else {
            statistics.malformed += 1
            return
        }
        let ephemeral = bytes.array(1..<1 + NoiseHandshake.keyLength)
        guard !answers.isKnown(ephemeral) else {
            // Our answer may have been lost; the same bytes again, since new ones would be new keys.
            statistics.repeatedHandshakes += 1
            countReceived(bytes)
            let question = bytes.array(0..<bytes.count)
            guard room == .all, let answer = answers.takeRepetition(of: question) else { return }
            return send(answer, to: address)
        }
        guard room != .none else {
            statistics.droppedQuestions += 1
            return
        }
        var handshake = credentials.handshake(as: .responder)
        guard let message = try? handshake.read(bytes.array(1..<bytes.count)),
            let question = HandshakePayload(message), question.refusal == nil
        else {
            statistics.forgedHandshakes += 1
            return
        }
        countReceived(bytes)
        guard answers.makeRoom(keeping: timing.answerKept, at: now) else {
            statistics.droppedQuestions += 1
            return
        }
        answer(question, handshake, bytes.array(0..<bytes.count), address, at: now)
    }

    private mutating func answer(
        _ question: HandshakePayload, _ handshake: NoiseHandshake, _ asked: [UInt8],
        _ address: NetworkAddress, at now: Instant
    ) {
        var handshake = handshake
        let refusal = isBusy(at: now) ? .busy : terms.refusal(of: question.terms)
        let payload = HandshakePayload(terms: terms, refusal: refusal)
        let ephemeral = NoiseHandshake.PrivateKey.drawn(using: &random)
        guard let message = try? handshake.write(payload: payload.bytes, ephemeral: ephemeral)
        else {
            // An ephemeral key of small order, by an end that knows the key and does not follow the rules.
            statistics.forgedHandshakes += 1
            return
        }
        var entry = AnswerTable.Entry(
            ephemeral: Array(asked[1..<1 + NoiseHandshake.keyLength]), question: asked,
            answer: [DatagramKind.answer.firstByte] + message,
            connection: nil, made: now)
        if let refusal {
            statistics.refusals += 1
            queue.append(.event(.refused(refusal, address)))
        } else {
            entry.connection = SecureConnection(
                handshake, as: .responder, terms: question.terms, forgeryBudget: forgeryBudget,
                to: address, at: now)
        }
        answers.insert(entry)
        send(entry.answer, to: address)
    }

    private mutating func countReceived(_ question: Span<UInt8>) {
        statistics.receivedHandshakes += 1
        statistics.received += DataSize(bytes: question.count)
    }

    private func isBusy(at now: Instant) -> Bool {
        isTaken && connection.map { now.since($0.latestHeard) < timing.busyTime } ?? false
    }

    private mutating func send(_ answer: [UInt8], to address: NetworkAddress) {
        statistics.sentHandshakes += 1
        statistics.sent += DataSize(bytes: answer.count)
        queue.append(.transmit(answer, to: address))
    }

    // MARK: Sealed datagrams

    private mutating func open(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant
    ) -> OpenedDatagram? {
        var counted = SecurityStatistics()
        if var current = connection {
            let opened = current.open(bytes, from: address, at: now, counting: &counted)
            connection = current
            if current.isClosed { close() }
            if let opened {
                count(counted)
                return opened
            }
        } else {
            counted.forged = 1
        }
        for (index, entry) in answers.entries.enumerated() {
            guard var candidate = entry.connection else { continue }
            var uncounted = SecurityStatistics()
            if let opened = candidate.open(bytes, from: address, at: now, counting: &uncounted) {
                statistics.opened += 1
                connection = candidate
                isTaken = true
                answers.removeAnswers()
                queue.append(.event(.established(candidate.terms, with: address)))
                return opened
            }
            answers.update(candidate, at: index)
        }
        count(counted)
        return nil
    }

    private mutating func count(_ counted: SecurityStatistics) {
        statistics.opened += counted.opened
        statistics.malformed += counted.malformed
        statistics.forged += counted.forged
        statistics.replayed += counted.replayed
        statistics.addressChanges += counted.addressChanges
    }

    private mutating func close() {
        isClosed = true
        connection = nil
        answers.removeAnswers()
        queue.append(.event(.failed(.forgeryBudgetSpent)))
    }
}
