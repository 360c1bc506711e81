public import Media

/// One end of a call in which both ends send: a sender and a receiver that share a call, an address, packet
/// numbers and the promised rate.
///
/// What is said of the datagrams that come in goes along with those that go out; alone only where it is urgent,
/// or none goes out.
public struct TwoWayCall: Sendable {
    /// What goes out.
    public var sender: SendSession
    /// What comes in.
    public var receiver: ReceiveSession
    private let overhead: Int
    /// Whether acknowledgements go along with what goes out, rather than alone.
    private let sharesDatagrams: Bool

    /// What to do next.
    public enum Output: Hashable, Sendable {
        /// Send this datagram to the peer.
        case transmit([UInt8])
        /// Something happened to what goes out.
        case sent(SendSession.Event)
        /// Something happened to what comes in.
        case received(ReceiveSession.Event)
        /// Nothing more until then.
        case wait(until: Instant?)
    }

    /// Puts both together; both must have been made with the same headers, and nothing been sent.
    ///
    /// - Parameter sharesDatagrams: whether acknowledgements go along with what goes out; alone only to compare.
    public init(
        sender: SendSession, receiver: ReceiveSession,
        headers: DataSize = .ipv4AndUDPHeaders, sharesDatagrams: Bool = true
    ) {
        self.sharesDatagrams = sharesDatagrams
        self.sender = sender
        self.receiver = receiver
        // Plain headers are three bytes shorter than what is promised for.
        overhead = headers.bytes + 3
    }

    /// Takes in a datagram: each of the two finds its own frames in it.
    public mutating func receive(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant
    ) {
        sender.receive(bytes, at: now)
        receiver.receive(bytes, from: address, at: now)
    }

    /// What to do at `now`; call until it returns ``Output/wait(until:)``.
    public mutating func poll(at now: Instant) -> Output {
        let number = max(sender.nextPacketNumber, receiver.nextPacketNumber)
        sender.nextPacketNumber = number
        receiver.nextPacketNumber = number
        let senderWake: Instant?
        let company = sharesDatagrams ? receiver.company(at: now) : []
        sender.company = company
        switch sender.poll(at: now) {
        case .transmit(let bytes):
            if sender.company.isEmpty, !company.isEmpty { receiver.told(company, at: now) }
            receiver.countBeside(DataSize(bytes: bytes.count + overhead), at: now)
            return .transmit(bytes)
        case .event(let event): return .sent(event)
        case .wait(let instant): senderWake = instant
        }
        receiver.nextPacketNumber = max(number, sender.nextPacketNumber)
        receiver.companyDue = sharesDatagrams ? sender.nextMediaDue(at: now) : nil
        switch receiver.poll(at: now) {
        case .transmit(let bytes, _):
            sender.countBeside(DataSize(bytes: bytes.count + overhead), at: now)
            return .transmit(bytes)
        case .event(let event): return .received(event)
        case .wait(let instant):
            return .wait(until: [senderWake, instant].compactMap(\.self).min())
        }
    }
}
