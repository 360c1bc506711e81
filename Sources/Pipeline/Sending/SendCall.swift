import Media
import Security
import Session
import UDPTransport

/// Drives a ``SecuredSendSession`` with a socket and a clock.
actor SendCall {
    private var session: SecuredSendSession
    private let transport: UDPTransport
    private let clock: SystemClock
    private let events: AsyncStream<SendSession.Event>.Continuation
    private var wake: Task<Void, Never>?
    private var acknowledgements: [SendSession.Event] = []
    private var isFinishing = false
    private(set) var end: SendEnd?

    init(
        session: SecuredSendSession, transport: UDPTransport, clock: SystemClock,
        events: AsyncStream<SendSession.Event>.Continuation
    ) {
        self.session = session
        self.transport = transport
        self.clock = clock
        self.events = events
    }

    /// Reads the socket until it is closed or the task is cancelled.
    func run() async {
        drain()
        for await datagram in transport.received {
            session.receive(datagram.bytes.span, from: datagram.source, at: clock.now)
            drain()
            if end != nil { break }
        }
    }

    func add(_ frame: EncodedFrame) {
        session.add(frame, at: clock.now)
        drain()
    }

    /// Takes a source out of the call.
    func drop(_ source: SourceIdentifier) {
        session.drop(source)
        drain()
    }

    /// What the call may send at present, headers counted.
    var targetBitrate: Bitrate { session.targetBitrate }

    /// The bytes of the stream's pictures that have still to go out.
    var unsentPictures: DataSize { session.unsentPictures }

    /// Gives up what has not gone of the stream's pictures.
    func endStream() {
        session.endStream()
        drain()
    }

    /// The bytes of sources that have still to go out.
    var unsentSources: DataSize { session.unsentSources }

    func finish(_ reason: EndReason) {
        isFinishing = true
        session.end(reason.onTheWire, at: clock.now)
        drain()
    }

    /// From now on a datagram goes out each `interval`.
    func use(interval: Duration) { session.use(interval: interval) }

    /// Whether pictures may still be added.
    var isOpen: Bool { end == nil && !isFinishing }

    var statistics: SendStatistics { session.statistics }

    /// What went over the wire there and back, and what was ignored of it.
    var wire: (sent: Traffic, received: Traffic, ignored: Int) {
        (session.traffic, session.returnTraffic, session.security.ignored)
    }

    /// What the receiver has acknowledged since the last call.
    func takeAcknowledgements() -> [SendSession.Event] {
        defer { acknowledgements = [] }
        return acknowledgements
    }

    /// Waits until the receiver holds the first set, the call is over, or an instant has come.
    func waitForSet(at limit: Instant) async throws {
        while !session.isAcknowledged(.zero), isOpen, clock.now < limit {
            try await clock.sleep(until: clock.now.advanced(by: .milliseconds(5)))
        }
    }

    private func drain() {
        while true {
            switch session.poll(at: clock.now) {
            case .transmit(let bytes): transport.send(bytes)
            case .event(let event):
                switch event {
                case .ended(let end):
                    self.end = end
                    events.yield(event)
                case .sourceAcknowledged, .sourceSetAcknowledged, .picturesAcknowledged,
                    .targetBitrate, .anchorHeld, .anchorLost, .anchorsForgotten:
                    // A sender that looks at them seldom needs the newest.
                    acknowledgements.append(event)
                    if acknowledgements.count > 4096 { acknowledgements.removeFirst(2048) }
                case .connected: events.yield(event)
                }
            case .wait(let instant):
                schedule(instant)
                if end != nil { events.finish() }
                return
            }
        }
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
