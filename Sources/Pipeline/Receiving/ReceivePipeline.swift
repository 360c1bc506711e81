public import Media
public import Presentation
public import Security
public import Session
public import UDPTransport
public import VideoCoding
import WireFormat

/// Runs a receiver: datagrams in, pictures out.
public final class ReceivePipeline {
    /// What can be chosen.
    public struct Options: Sendable {
        /// Stop after so much media; none goes on to the sender's goodbye.
        public var duration: Duration?
        /// Give up after so long without a word from a sender that has called.
        public var timeout = Duration.seconds(10)
        /// What this end proves itself with; nothing for a call that nothing protects.
        public var credentials: Credentials?
        /// Whether a person watches or a file is written.
        public var playout: Playout
        /// SHA-256 of the weights.
        public var weightsHash: [UInt8]
        /// The pictures' size.
        public var size = PictureSize.standard
        /// Keypoints in each picture.
        public var keypointCount = Keypoints.standardCount
        /// Whether a picture that stands still is marked as such.
        public var marksStills = true
        /// Pictures a second.
        public var rate = PictureRate.standard
        /// What this end puts on the wire at most; nothing for what the sender promises.
        public var promisedRate: Bitrate?

        /// Options with the defaults but for what has none.
        public init(playout: Playout, weightsHash: [UInt8], credentials: Credentials?) {
            self.playout = playout
            self.credentials = credentials
            self.weightsHash = weightsHash
        }
    }

    private let decoder: VideoDecoder
    private let options: Options
    private let statistics: JSONLinesWriter?
    private var trace: PictureTrace?
    private let progress: ProgressLine
    private let sink: any PictureSink
    private let notice: @Sendable (String) -> Void
    /// Tells the viewer that a picture stands still.
    private let mark: StillMark
    private var sound: ReceivedSound?
    private let clock = SystemClock()
    private var meter = CallMeter()
    private var callStart: Instant?
    private var start: Instant?
    private var firstPicture: PictureNumber?
    private var sources = 0
    private var shown = 0
    private var undecodable = 0
    private var madeUp = 0
    private var streamed = 0
    private var standing = 0
    private var dueVoiceTicks = 0
    private var hasToldOfUndecodable = false
    private var end: ReceiveEnd?

    /// Puts a receiver together.
    ///
    /// - Parameters:
    ///   - trace: where it goes when each picture was shown (``PictureLine``).
    ///   - notice: told what a user may want to know.
    public init(
        decoder: VideoDecoder, sink: any PictureSink, options: Options,
        statistics: JSONLinesWriter?, trace: JSONLinesWriter? = nil, progress: ProgressLine,
        notice: @escaping @Sendable (String) -> Void
    ) {
        self.decoder = decoder
        self.options = options
        self.statistics = statistics
        self.trace = trace.map { [clock] in PictureTrace($0, clock) }
        self.progress = progress
        self.notice = notice
        self.sink = sink
        mark = StillMark(options.size)
    }

    /// Takes part in one call and returns its summary, also written as the last statistics line.
    ///
    /// It ends when the sender says goodbye, `stop` speaks, or its task is cancelled.
    /// - Throws: ``CallError``, `PresentationError`.
    public func run(
        on transport: UDPTransport, until stop: AsyncStream<Void>
    ) async throws -> StatisticsLine {
        var timing = SessionTiming()
        timing.silenceTimeout = silenceTimeout
        let session = ReceiveSession(
            expecting: HelloExpectation(
                size: options.size, rate: options.rate, keypointCount: options.keypointCount,
                weightsHash: options.weightsHash),
            playout: options.playout, rate: options.promisedRate,
            headers: transport.localAddress.headers, isPeerProven: options.credentials != nil,
            timing: timing, at: clock.now)
        let secured = SecuredReceiveSession(
            session, channel: try makeChannel(), headers: transport.localAddress.headers)
        let call = ReceiveCall(
            session: secured, transport: transport, clock: clock, playout: options.playout,
            notice: notice)
        let reading = Task { await call.run() }
        let stopping = Task { for await _ in stop { await call.finish(.finished) } }
        let window = sink as? WindowPresenter
        let watching = window.map { window in Task { await watch(window, call) } }
        defer {
            reading.cancel()
            stopping.cancel()
            watching?.cancel()
        }
        do {
            try await withTaskCancellationHandler {
                while let event = await call.next() { try await take(event, call) }
            } onCancel: {
                // Nobody may ever call.
                Task { await call.finish(.finished) }
            }
            try sink.finish()
        } catch {
            await call.finish(.failed)
            try? sink.finish()
            _ = await conclude(call, transport)
            throw error
        }
        let line = await conclude(call, transport)
        switch end {
        case .silence: throw CallError.silence(seconds: Int(silenceTimeout.seconds))
        case .bySender(.failed): throw CallError.failedThere
        case .forged: throw CallError.forged
        default: return line
        }
    }

    /// The call outlives so long an outage, and keeps others away meanwhile.
    private var silenceTimeout: Duration { options.timeout * 3 }

    private func makeChannel() throws(CallError) -> RespondingChannel? {
        guard let credentials = options.credentials else { return nil }
        guard
            let terms = HandshakeTerms(
                options.weightsHash, keypointCount: options.keypointCount)
        else { throw .unsupported }
        var timing = SecurityTiming()
        timing.busyTime = silenceTimeout
        return RespondingChannel(credentials: credentials, terms: terms, timing: timing)
    }

    /// Closes the socket and writes the summary, whatever the end was.
    private func conclude(_ call: ReceiveCall, _ transport: UDPTransport) async -> StatisticsLine {
        progress.clear()
        let time = start.map { clock.now.since($0) } ?? .zero
        let line = meter.summary(
            await snapshot(call), at: time, end: end.map { "\($0)" } ?? "failed")
        statistics?.write(line)
        await transport.close()
        return line
    }

    private func take(_ event: ReceiveSession.Event, _ call: ReceiveCall) async throws {
        switch event {
        case .started(_, let hasSound, _):
            callStart = clock.now
            if hasSound { sound = try ReceivedSound(to: sink, limit: options.duration, notice) }
            progress.show("a sender calls; waiting for its first source")
        case .source(let source):
            do {
                let (_, duration) = try clock.measure { () throws(CodecError) in
                    try decoder.insert(source)
                }
                meter.add("encode source", duration)
                sources += 1
            } catch {
                notice("source \(source.identifier.rawValue) is left out: \(error)")
            }
        case .sourceSet(let set): decoder.insert(set)
        case .sourceDropped(let source): decoder.remove(source)
        case .keypoints(let unit): decode(unit)
        case .picture(let picture):
            do {
                let (_, duration) = try clock.measure { () throws(CodecError) in
                    try decoder.insert(picture)
                }
                meter.add("decode VP8", duration)
            } catch {
                notice("a VP8 picture could not be decoded: \(error)")
                await call.forgetPictures()
            }
        case .held(let held): decoder.insert(held)
        case .keypointsAgain(let again):
            // Where they cannot be decoded, they stay missing.
            if (try? decoder.insert(again)) == nil { undecodable += again.pictureCount }
        case .play(let number, _): try await play(number, call)
        case .voice(let play):
            dueVoiceTicks += play.tickCount
            let (_, playing) = try clock.measure { () throws(PresentationError) in
                try sound?.play(play)
            }
            meter.add("sound", playing)
        case .ended(let end):
            self.end = end
        }
    }

    private func decode(_ unit: CodedKeypoints) {
        do {
            try decoder.insert(unit)
        } catch {
            undecodable += unit.pictureCount
            if !hasToldOfUndecodable { notice("keypoints could not be decoded: \(error)") }
            hasToldOfUndecodable = true
        }
    }

    private func play(_ number: PictureNumber, _ call: ReceiveCall) async throws {
        let time = options.rate.time(ofPicture: Int(number.rawValue))
        // A receiver may join a call that has gone on for long.
        let first = firstPicture ?? number
        firstPicture = first
        let played = options.rate.interval * (number.distance(from: first) + 1)
        // Pictures may wait here after the one that was the last.
        if let limit = options.duration, played >= limit + options.rate.interval { return }
        if start == nil {
            let now = clock.now
            start = now
            meter.begin(await snapshot(call), lead: callStart.map { now.since($0) } ?? .zero)
        }
        let (picture, duration) = clock.measure { decoder.picture(number, time: time) }
        if let picture {
            switch picture.origin {
            case .generated:
                meter.add("warp", duration)
                shown += 1
            case .madeUp:
                meter.add("warp", duration)
                madeUp += 1
            case .streamed: streamed += 1
            case .standing: standing += 1
            case .missing: break
            case .undecodable(let error):
                undecodable += 1
                if !hasToldOfUndecodable { notice("a picture could not be rebuilt: \(error)") }
                hasToldOfUndecodable = true
            }
            let isMarked = picture.isMarked && options.marksStills
            let (_, showing) = try clock.measure { () throws(PresentationError) in
                try sink.show(isMarked ? mark.drawn(on: picture.frame) : picture.frame)
            }
            meter.add("show", showing)
            trace?.shown(picture, at: clock.now)
            if sink.isClosed { await call.finish(.finished) }
        }
        if let limit = options.duration, played >= limit { await call.finish(.finished) }
        await report(call)
    }

    private func report(_ call: ReceiveCall) async {
        guard let start else { return }
        let time = clock.now.since(start)
        guard meter.isDue(at: time) else { return }
        let line = meter.second(await snapshot(call), at: time)
        statistics?.write(line)
        let lost = await call.statistics.lostPictures
        progress.show(
            "\(Int(time.seconds)) s, \(shown) pictures, \(lost) lost (\(madeUp) made up), "
                + "\(line.wireKilobitsPerSecond) kbit/s on the wire, warp \(line.stages["warp"]?.median ?? 0) ms, \(sources) sources"
        )
    }

    private func snapshot(_ call: ReceiveCall) async -> CallSnapshot {
        let counts = await call.statistics
        let wire = await call.wire
        var snapshot = CallSnapshot()
        snapshot.pictures = shown
        snapshot.lostPictures = counts.lostPictures + undecodable + (await call.overrunPictures)
        snapshot.longestLoss = counts.longestLoss
        snapshot.datagrams = wire.received.datagrams
        snapshot.wire = wire.received.size
        snapshot.returnWire = wire.sent.size
        snapshot.missingDatagrams = counts.missingDatagrams
        snapshot.duplicateDatagrams = counts.duplicateDatagrams
        snapshot.rejectedDatagrams = counts.rejectedDatagrams + wire.ignored
        snapshot.sources = sources
        snapshot.playoutDelay = counts.playoutDelay
        snapshot.concealedPictures = madeUp
        snapshot.keypoints = counts.keypoints
        snapshot.sourceSize = counts.sources
        snapshot.stream = counts.stream
        snapshot.streamPictures = counts.streamPictures
        snapshot.heldPictures = streamed + standing
        snapshot.headers = wire.received.headers
        if sound != nil {
            snapshot.voice = counts.voice
            snapshot.lostVoice = .milliseconds(counts.lostVoiceTicks * 1000 / VoiceTick.perSecond)
            snapshot.dueVoice = .milliseconds(dueVoiceTicks * 1000 / VoiceTick.perSecond)
        }
        return snapshot
    }
}

/// Ends the call when a window is closed, also while no picture comes.
private func watch(_ window: WindowPresenter, _ call: ReceiveCall) async {
    while !window.isClosed {
        do {
            try await Task.sleep(for: .milliseconds(200))
        } catch {
            // Cancelled: the call is over.
            return
        }
    }
    await call.finish(.finished)
}
