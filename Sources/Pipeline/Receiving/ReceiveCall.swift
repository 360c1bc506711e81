import Media
import Security
import Session
import UDPTransport

/// Drives a ``SecuredReceiveSession`` with a socket and a clock, and keeps its events until they are taken.
actor ReceiveCall {
    /// The most pictures that may wait for a receiver that is too slow to record them: half a minute.
    private static let largestBacklog = 750
    /// The most pieces of sound that may wait where somebody listens: two seconds, a piece a picture.
    private static let largestLiveBacklog = 50

    private var session: SecuredReceiveSession
    private let transport: UDPTransport
    private let clock: SystemClock
    private let playout: Playout
    private let notice: @Sendable (String) -> Void
    private var hasToldOfStrangers = false
    private var wake: Task<Void, Never>?
    private var events: [ReceiveSession.Event] = []
    private var waiter: CheckedContinuation<Void, Never>?
    private(set) var isOver = false
    /// Pictures that were due and left out since the network here was too slow.
    private(set) var overrunPictures = 0

    init(
        session: SecuredReceiveSession, transport: UDPTransport, clock: SystemClock,
        playout: Playout, notice: @escaping @Sendable (String) -> Void
    ) {
        self.notice = notice
        self.session = session
        self.transport = transport
        self.clock = clock
        self.playout = playout
    }

    /// Reads the socket until it is closed or the task is cancelled.
    func run() async {
        for await datagram in transport.received {
            session.receive(datagram.bytes.span, from: datagram.source, at: clock.now)
            tellOfStrangers(datagram.bytes.span)
            drain()
        }
    }

    /// Somebody who uses the wrong key, or another version, should learn it from one of the two ends, and ours may speak.
    private func tellOfStrangers(_ bytes: Span<UInt8>) {
        guard !hasToldOfStrangers else { return }
        if let version = ForeignVersion.ofCall(bytes) {
            hasToldOfStrangers = true
            return notice(
                "somebody calls with version \(version) of the protocol and is not answered; this end speaks version \(SecurityConstants.version): use the same build at both ends"
            )
        }
        let counts = session.security
        guard counts.forgedHandshakes + counts.unprotected > 0 else { return }
        hasToldOfStrangers = true
        notice(
            counts.unprotected > 0
                ? "somebody calls without protection and is not answered; a caller needs this end's key"
                : "somebody calls with another key and is not answered")
    }

    func finish(_ reason: EndReason) {
        session.end(reason.onTheWire, at: clock.now)
        drain()
    }

    /// A picture of the stream could not be decoded: the sender begins it anew.
    func forgetPictures() {
        session.forgetPictures(at: clock.now)
        drain()
    }

    var statistics: ReceiveStatistics { session.statistics }

    /// What went over the wire from the sender and back, and what was ignored of it.
    var wire: (received: Traffic, sent: Traffic, ignored: Int) {
        (session.traffic, session.returnTraffic, session.security.ignored)
    }

    /// The next event, once there is one; nothing after the end.
    func next() async -> ReceiveSession.Event? {
        while events.isEmpty, !isOver {
            await withCheckedContinuation { waiter = $0 }
        }
        return events.isEmpty ? nil : events.removeFirst()
    }

    private func drain() {
        while true {
            switch session.poll(at: clock.now) {
            case .transmit(let bytes, let address): transport.send(bytes, to: address)
            case .event(let event): enqueue(event)
            case .wait(let instant):
                schedule(instant)
                if !events.isEmpty || isOver { wakeWaiter() }
                return
            }
        }
    }

    private func enqueue(_ event: ReceiveSession.Event) {
        if case .ended = event { isOver = true }
        if case .play = event {
            // Newest wins where a person watches; a recording may lag, within a bound.
            let largest = playout == .live ? 1 : Self.largestBacklog
            let waiting = events.indices.filter { events[$0].isPicture }
            if waiting.count >= largest {
                events.remove(at: waiting[0])
                overrunPictures += 1
            }
        }
        if case .voice = event {
            // What listens notices by the time of the next piece.
            let largest = playout == .live ? Self.largestLiveBacklog : Self.largestBacklog
            let waiting = events.indices.filter { events[$0].isVoice }
            if waiting.count >= largest { events.remove(at: waiting[0]) }
        }
        if event.isKeypoints {
            let waiting = events.indices.filter { events[$0].isKeypoints }
            if waiting.count >= Self.largestBacklog { events.remove(at: waiting[0]) }
        }
        events.append(event)
    }

    private func wakeWaiter() {
        waiter?.resume()
        waiter = nil
    }

    private func schedule(_ instant: Instant?) {
        wake?.cancel()
        guard let instant else { return }
        wake = Task {
            do {
                try await clock.sleep(until: instant)
                drain()
            } catch {
                // Cancelled: a newer wake has taken over.
            }
        }
    }
}

extension ReceiveSession.Event {
    var isPicture: Bool {
        if case .play = self { return true }
        return false
    }

    var isKeypoints: Bool {
        switch self {
        case .keypoints, .keypointsAgain, .held: true
        default: false
        }
    }

    var isVoice: Bool {
        if case .voice = self { return true }
        return false
    }
}
