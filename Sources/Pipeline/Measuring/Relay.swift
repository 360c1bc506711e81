import Media
public import NetworkEmulation
public import UDPTransport

/// Passes datagrams between a sender and a receiver over two emulated links.
public actor Relay {
    private let near: UDPTransport
    private let far: UDPTransport
    private let timeout: Duration?
    private let clock = SystemClock()
    private let trace: JSONLinesWriter?
    private var there: EmulatedLink
    private var back: EmulatedLink
    private var sender: NetworkAddress?
    private var latestHeard: Instant?
    private var isStopped = false

    /// Makes a relay between a listening and a connected transport; equal seeds give equal links.
    ///
    /// - Parameter trace: where it goes what becomes of each of the sender's datagrams (``RelayLine``).
    public init(
        near: UDPTransport, far: UDPTransport, conditions: LinkConditions, seed: UInt64,
        timeout: Duration?, trace: sending JSONLinesWriter? = nil
    ) {
        self.near = near
        self.far = far
        self.timeout = timeout
        self.trace = trace
        there = EmulatedLink(conditions, seed: seed)
        back = EmulatedLink(conditions, seed: seed &+ 1)
    }

    /// Passes datagrams on until `stop` speaks or nothing comes any more; returns what happened on
    /// both links.
    public func run(
        until stop: AsyncStream<Void>
    ) async -> (there: LinkCounts, back: LinkCounts) {
        let stopping = Task { for await _ in stop { isStopped = true } }
        let fromSender = Task { for await datagram in near.received { takeFromSender(datagram) } }
        let fromReceiver = Task {
            for await datagram in far.received { takeFromReceiver(datagram) }
        }
        defer {
            for task in [stopping, fromSender, fromReceiver] { task.cancel() }
        }
        while !isStopped, !isSilent {
            deliver()
            // Datagrams come without notice, so look again soon: a relay for tests, not for speed.
            try? await clock.sleep(until: clock.now.advanced(by: .milliseconds(1)))
        }
        return (there.counts, back.counts)
    }

    /// The first write of the trace that failed, if any.
    public var failure: ReportError? { trace?.failure }

    private var isSilent: Bool {
        guard let timeout, let latestHeard else { return false }
        return clock.now.since(latestHeard) >= timeout
    }

    private func takeFromSender(_ datagram: ReceivedDatagram) {
        // The newest sender is the one that answers go to.
        sender = datagram.source
        latestHeard = clock.now
        let now = clock.now
        let before = there.counts.lost + there.counts.dropped
        there.send(datagram.bytes, at: now)
        trace?.write(
            RelayLine(
                clock: (clock.secondsSince1970(at: now) * 1e6).rounded() / 1e6,
                bytes: datagram.bytes.count + near.localAddress.headers.bytes,
                isLost: there.counts.lost + there.counts.dropped > before))
        deliver()
    }

    private func takeFromReceiver(_ datagram: ReceivedDatagram) {
        latestHeard = clock.now
        back.send(datagram.bytes, at: clock.now)
        deliver()
    }

    private func deliver() {
        while let bytes = there.receive(at: clock.now) { far.send(bytes) }
        while let sender, let bytes = back.receive(at: clock.now) { near.send(bytes, to: sender) }
    }
}
