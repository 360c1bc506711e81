import Media
import Security

/// Two channels on a virtual clock; a test moves the datagrams between them.
struct ChannelPair {
    struct Flying: Hashable {
        var bytes: [UInt8]
        var from: NetworkAddress
        var to: NetworkAddress
    }

    var initiator: InitiatingChannel
    var responder: RespondingChannel
    var now = Instant.zero
    /// Where the initiator's datagrams come from at present.
    var initiatorAddress = Fixtures.sender
    var flying: [Flying] = []
    var initiatorEvents: [ChannelEvent] = []
    var responderEvents: [ChannelEvent] = []
    private var nextNumbers: [UInt64] = [0, 0]

    init(
        _ credentials: Credentials = .shared(Fixtures.key(1)), responder theirs: Credentials? = nil,
        initiatorTerms: HandshakeTerms = Fixtures.terms(),
        responderTerms: HandshakeTerms = Fixtures.terms(),
        forgeryBudget: UInt64 = SecurityConstants.forgeryBudget
    ) {
        initiator = InitiatingChannel(
            to: Fixtures.receiver, credentials: credentials, terms: initiatorTerms,
            timing: SecurityTiming(), random: SplitMix64(seed: 11), forgeryBudget: forgeryBudget,
            at: .zero)
        responder = RespondingChannel(
            credentials: theirs ?? credentials, terms: responderTerms, timing: SecurityTiming(),
            random: SplitMix64(seed: 12), forgeryBudget: forgeryBudget)
        drain()
    }

    /// Collects what both ends want done now, and when the earlier of them wakes.
    @discardableResult
    mutating func drain() -> Instant? {
        var wakes: [Instant] = []
        draining: while true {
            switch initiator.poll(at: now) {
            case .transmit(let bytes, let to):
                flying.append(Flying(bytes: bytes, from: initiatorAddress, to: to))
            case .event(let event): initiatorEvents.append(event)
            case .wait(let until):
                if let until { wakes.append(until) }
                break draining
            }
        }
        draining: while true {
            switch responder.poll(at: now) {
            case .transmit(let bytes, let to):
                flying.append(Flying(bytes: bytes, from: Fixtures.receiver, to: to))
            case .event(let event): responderEvents.append(event)
            case .wait(let until):
                if let until { wakes.append(until) }
                break draining
            }
        }
        return wakes.min()
    }

    /// Moves the clock to an instant and collects what is due then.
    mutating func advance(by duration: Duration) {
        now = now.advanced(by: duration)
        drain()
    }

    /// Hands a datagram to the end that it is for.
    @discardableResult
    mutating func deliver(_ datagram: Flying) -> OpenedDatagram? {
        defer { drain() }
        return datagram.to == Fixtures.receiver
            ? responder.receive(datagram.bytes, from: datagram.from, at: now)
            : initiator.receive(datagram.bytes, from: datagram.from, at: now)
    }

    /// Delivers everything that is under way, and what comes of it.
    @discardableResult
    mutating func deliverAll() -> [OpenedDatagram] {
        var opened: [OpenedDatagram] = []
        while !flying.isEmpty { if let one = deliver(flying.removeFirst()) { opened.append(one) } }
        return opened
    }

    /// Seals a payload of the initiator; it is then under way.
    @discardableResult
    mutating func sendFromInitiator(_ payload: [UInt8]) throws -> Flying {
        let (bytes, to) = try initiator.seal(payload, packetNumber: nextNumbers[0])
        nextNumbers[0] += 1
        flying.append(Flying(bytes: bytes, from: initiatorAddress, to: to))
        return flying[flying.count - 1]
    }

    /// Seals a payload of the responder; it is then under way.
    @discardableResult
    mutating func sendFromResponder(_ payload: [UInt8]) throws -> Flying {
        let (bytes, to) = try responder.seal(payload, packetNumber: nextNumbers[1])
        nextNumbers[1] += 1
        flying.append(Flying(bytes: bytes, from: Fixtures.receiver, to: to))
        return flying[flying.count - 1]
    }

    /// Both ends know of the connection.
    static func connected(
        _ credentials: Credentials = .shared(Fixtures.key(1)),
        forgeryBudget: UInt64 = SecurityConstants.forgeryBudget
    ) throws -> ChannelPair {
        var pair = ChannelPair(credentials, forgeryBudget: forgeryBudget)
        pair.deliverAll()
        try pair.sendFromInitiator([0])
        pair.deliverAll()
        return pair
    }
}
