public import Media
public import UDPTransport
public import VideoCoding
import KeypointCoding
import OpusCodec
public import Security
public import Session
import WireFormat

/// Runs a sender: pictures in, datagrams out, in real time.
public final class SendPipeline {
    /// What can be chosen.
    public struct Options: Sendable {
        /// Stop after so much media; none sends everything.
        public var duration: Duration?
        /// Give up after so long without a word from the receiver.
        public var timeout = Duration.seconds(10)
        /// The receiver.
        public var endpoint: Endpoint
        /// The pictures' size.
        public var size = PictureSize.standard
        /// SHA-256 of the weights.
        public var weightsHash: [UInt8]
        /// Keypoints in each picture.
        public var keypointCount = Keypoints.standardCount

        /// What this end proves itself with; nothing for a call that nothing protects.
        public var credentials: Credentials?
        /// How the call uses its rate.
        public var plan: CallPlan
        /// The share of datagrams that the sound prepares for losing, percent; nothing for what is found to be lost,
        /// where preparing for it helps.
        public var voiceLoss: Int?

        /// Options with the defaults but for what has none.
        public init(
            endpoint: Endpoint, weightsHash: [UInt8], credentials: Credentials?, plan: CallPlan
        ) {
            self.endpoint = endpoint
            self.credentials = credentials
            self.plan = plan
            self.weightsHash = weightsHash
        }
    }

    private let encoder: VideoEncoder
    private let choice: SourceChoice?
    private var liveSources: LiveSources?
    private let options: Options
    private let statistics: JSONLinesWriter?
    private let trace: PictureTrace?
    private let progress: ProgressLine
    private let clock = SystemClock()
    private var meter = CallMeter()
    private var start: Instant?
    private var acknowledgedSources: Set<SourceIdentifier> = []
    private var hasSet = false
    private var governor: StepGovernor
    private var lossFollower = LossFollower()
    /// How the voice is coded at present; nothing before it changes.
    private var latestVoice: (settings: VoiceSettings, groupTicks: Int)?
    private var follower: PlanFollower
    private var fileVoice: FileVoice?
    private var liveVoice: LiveVoice?
    private var hasSound = false

    /// Puts a sender together.
    ///
    /// - Parameters:
    ///   - choice: how sources are chosen, where the first ones are not to be all.
    ///   - trace: where it goes when each picture was taken (``PictureLine``).
    public init(
        encoder: VideoEncoder, choice: SourceChoice? = nil, options: Options,
        statistics: JSONLinesWriter?, trace: JSONLinesWriter? = nil, progress: ProgressLine
    ) {
        self.encoder = encoder
        self.choice = choice
        self.options = options
        follower = PlanFollower(options.plan, start: CallPlan.startingRate)
        governor = StepGovernor(follower.plan.keypointStep)
        encoder.configuration.sourceQuantizer = options.plan.sourceQuantizer
        encoder.configuration.coarseSide = options.plan.coarseSide
        encoder.configuration.picturesPerUnit = max(1, follower.plan.sentPicturesPerDatagram)
        encoder.configuration.step = QuantizerStep(index: governor.step) ?? .standard
        self.statistics = statistics
        self.trace = trace.map { [clock] in PictureTrace($0, clock) }
        self.progress = progress
    }

    /// Runs the call until the pictures end, `stop` speaks, or the other end is gone.
    ///
    /// - Parameters:
    ///   - source: the pictures.
    ///   - sound: the sound; nothing for a call without.
    ///   - stills: the source set; where it is empty, the first picture becomes the only source.
    ///   - stop: the user's wish to end.
    /// - Returns: the summary, also written as the last statistics line.
    /// - Throws: ``CallError``, `TransportError`, `CodecError`, or what the source throws.
    public func run(
        _ source: any PictureSource, sound: CallSound? = nil, stills: [VideoFrame],
        until stop: AsyncStream<Void>
    ) async throws -> StatisticsLine {
        let plan = options.plan
        let sound = plan.voiceBitrate == nil ? nil : sound
        hasSound = sound != nil
        guard let first = try source.next() else { throw CallError.noPictures }
        let pictures = stills.isEmpty ? [first] : stills
        guard pictures.count <= WireConstants.largestSourceSet,
            let hello = HelloFrame(
                size: options.size, rate: plan.pictureRate, keypointCount: options.keypointCount,
                promisedRate: plan.rate, weightsHash: options.weightsHash)
        else { throw CallError.sourceCount(pictures.count) }
        let sources = try SourceSchedule(
            pictures, encoder: encoder, rate: min(plan.rate, CallPlan.startingRate),
            choice: choice)
        liveSources = choice.map {
            let director = SourceDirector(
                $0, after: sources, of: stills.isEmpty ? first : nil)
            let fallback = $0.fallback.map { FallbackDirector($0, plan.pictureRate) }
            return LiveSources(
                director, fallback: fallback, plan: plan, clock: clock, statistics: statistics)
        }
        switch sound {
        case nil: break
        case .file(let source):
            fileVoice = FileVoice(source, coder: try voiceCoder(), rate: plan.pictureRate)
        case .microphone(let source): liveVoice = LiveVoice(source, clock: clock)
        }
        let transport = try await UDPTransport.connect(to: options.endpoint)
        let begin = clock.now
        let (call, events) = try makeCall(hello, transport)
        let reading = Task { await call.run() }
        let stopping = Task { for await _ in stop { await call.finish(.finished) } }
        defer {
            reading.cancel()
            stopping.cancel()
        }
        do {
            progress.show("waiting for \(options.endpoint)")
            // What the receiver needs first goes out behind the first hello.
            if plan.pictureStride > 0 { for frame in sources.frames { await call.add(frame) } }
            try await waitForAnswer(events, transport)
            if !source.isLive, plan.pictureStride > 0 {
                // A file waits until its first picture can be shown.
                progress.show("sending the first source to \(options.endpoint)")
                try await call.waitForSet(at: clock.now.advanced(by: options.timeout))
            }
            try await send(first, then: source, call, since: begin)
            for voice in try fileVoice?.finish() ?? [] { await call.add(.voice(voice)) }
            for unit in try encoder.flush() { await call.add(.keypoints(unit)) }
            await call.finish(.finished)
            for await _ in events {}
        } catch {
            await call.finish(.failed)
            _ = await conclude(call, transport)
            throw error
        }
        let line = await conclude(call, transport)
        try check(await call.end, transport)
        return line
    }

    /// Closes the socket and writes the summary, whatever the end was.
    private func conclude(_ call: SendCall, _ transport: UDPTransport) async -> StatisticsLine {
        progress.clear()
        let time = start.map { clock.now.since($0) } ?? .zero
        let end = await call.end.map { "\($0)" } ?? "failed"
        let line = meter.summary(await snapshot(call), at: time, end: end)
        statistics?.write(line)
        await transport.close()
        return line
    }

    private func makeCall(
        _ hello: HelloFrame, _ transport: UDPTransport
    ) throws(CallError) -> (SendCall, AsyncStream<SendSession.Event>) {
        var random = SystemRandomNumberGenerator()
        let identifier = CallIdentifier(random.next())
        let headers = transport.localAddress.headers
        var timing = SessionTiming()
        timing.connectTimeout = options.timeout
        timing.silenceTimeout = options.timeout * 3
        let session = SendSession(
            call: identifier, hello: hello, hasSound: hasSound, interval: follower.plan.interval,
            headers: headers, startingRate: CallPlan.startingRate, timing: timing, at: clock.now)
        let secured = SecuredSendSession(
            session, call: identifier, channel: try makeChannel(transport), headers: headers)
        let (events, continuation) = AsyncStream.makeStream(of: SendSession.Event.self)
        let call = SendCall(
            session: secured, transport: transport, clock: clock, events: continuation)
        return (call, events)
    }

    private func makeChannel(_ transport: UDPTransport) throws(CallError) -> InitiatingChannel? {
        guard let credentials = options.credentials else { return nil }
        guard let receiver = transport.remoteAddress,
            let terms = HandshakeTerms(
                options.weightsHash, keypointCount: options.keypointCount)
        else { throw .unsupported }
        var timing = SecurityTiming()
        timing.connectTimeout = options.timeout
        return InitiatingChannel(
            to: receiver, credentials: credentials, terms: terms, timing: timing, at: clock.now)
    }

    private func waitForAnswer(
        _ events: AsyncStream<SendSession.Event>, _ transport: UDPTransport
    ) async throws {
        for await event in events {
            switch event {
            case .connected: return
            case .ended(let end): try check(end, transport)
            case .sourceAcknowledged, .sourceSetAcknowledged, .picturesAcknowledged,
                .targetBitrate, .anchorHeld, .anchorLost, .anchorsForgotten:
                break
            }
        }
    }

    /// Turns an end that is no success into an error.
    private func check(_ end: SendEnd?, _ transport: UDPTransport) throws(CallError) {
        let seconds = Int(options.timeout.seconds)
        switch end {
        case nil, .finished: return
        case .byReceiver(let reason):
            if let error = CallError(reason, endpoint: options.endpoint) { throw error }
        case .noAnswer:
            let refused = transport.refusedDatagrams > 0
            throw options.credentials == nil || refused
                ? .noAnswer(options.endpoint, seconds: seconds, refused: refused)
                : .noSealedAnswer(options.endpoint, seconds: seconds)
        case .silence, .exhausted: throw .silence(seconds: 3 * seconds)
        case .forged: throw .forged
        }
    }

    /// An encoder whose groups are as long as the pictures of a datagram.
    private func voiceCoder() throws(OpusError) -> VoiceStreamEncoder {
        try VoiceStreamEncoder(voiceSettings, groupTicks: follower.plan.ticksPerDatagram)
    }

    private var voiceSettings: VoiceSettings {
        let found = lossFollower.isLossy ? lossFollower.share : 0
        let told = VoiceSettings.toldLoss(found, bitrate: follower.plan.voiceBitrate ?? 0)
        return VoiceSettings(follower.plan, expectedLoss: options.voiceLoss ?? told)
    }

    /// Goes on as suits what the link carries, where a datagram may begin with this picture.
    private func adapt(_ number: PictureNumber, _ call: SendCall) async throws {
        guard let plan = follower.next(for: number, at: clock.now) else { return }
        for unit in try encoder.flush() { await call.add(.keypoints(unit)) }
        encoder.configuration.picturesPerUnit = max(1, plan.sentPicturesPerDatagram)
        governor = StepGovernor(plan.keypointStep)
        try changeVoice()
        await call.use(interval: plan.interval)
    }

    /// The voice is coded as suits the plan and the link, from its next group on.
    private func changeVoice() throws(OpusError) {
        let settings = voiceSettings
        let ticks = follower.plan.ticksPerDatagram
        if let latest = latestVoice, latest == (settings, ticks) { return }
        latestVoice = (settings, ticks)
        try fileVoice?.coder.change(to: settings, groupTicks: ticks)
        liveVoice?.change(to: settings, groupTicks: ticks)
    }

    private func send(
        _ first: VideoFrame, then source: any PictureSource, _ call: SendCall,
        since begin: Instant
    ) async throws {
        let isLive = source.isLive
        let expected = source.expectedCount
        let pictures = PictureFeed(source)
        var picture: VideoFrame? = first
        if isLive {
            // What a camera saw before the receiver answered is past.
            picture = try await pictures.next(clock).0
        }
        let base = picture?.time.microseconds ?? 0
        let start = clock.now
        self.start = start
        meter.begin(await snapshot(call), lead: start.since(begin))
        nonisolated(unsafe) let coder = try liveVoice.map { _ in try voiceCoder() }
        nonisolated(unsafe) let listener = liveVoice
        let listening = Task {
            guard let listener = unsafe listener, let coder = unsafe coder else { return }
            try await listener.run(from: start, coder: coder) { await call.add(.voice($0)) }
        }
        defer { listening.cancel() }
        while var current = picture, await call.isOpen {
            current.time = MediaTime(microseconds: current.time.microseconds - base)
            let time = Duration.microseconds(current.time.microseconds)
            if let duration = options.duration, time >= duration { break }
            if !isLive { try await clock.sleep(until: start.advanced(by: time)) }
            // A file's pictures are taken when they are due, however late this end comes to them.
            let taken = isLive ? clock.now : start.advanced(by: time)
            trace?.taken(self.number(of: current), at: taken)
            try await encode(current, call)
            try await report(call, expected: expected)
            let (next, reading) = try await pictures.next(clock)
            meter.add("read", reading)
            picture = next
        }
    }

    /// The number of the time in which a picture was taken.
    private func number(of picture: VideoFrame) -> PictureNumber {
        let interval = options.plan.pictureRate.interval.wholeMicroseconds
        return PictureNumber(
            UInt32(clamping: (picture.time.microseconds + interval / 2) / interval))
    }

    private func encode(_ picture: VideoFrame, _ call: SendCall) async throws {
        for event in await call.takeAcknowledgements() { take(event) }
        let number = number(of: picture)
        try await adapt(number, call)
        let plan = follower.plan
        for voice in try fileVoice?.voice(of: number) ?? [] { await call.add(.voice(voice)) }
        let isWarping = liveSources?.isWarping(picture, number, encoder) ?? true
        if hasSet, !isWarping, plan.pictureStride > 0 {
            try await liveSources?.stand(
                picture, number, encoder, call, perDatagram: plan.picturesPerDatagram)
            try await liveSources?.step(picture, number, encoder, call, meter: &meter)
            return
        }
        guard hasSet, plan.pictureStride > 0,
            number.rawValue.isMultiple(of: UInt32(plan.pictureStride))
        else {
            // Nothing can be shown from its keypoints yet, or the rate holds fewer pictures.
            for unit in try encoder.flush() { await call.add(.keypoints(unit)) }
            return
        }
        encoder.configuration.step = QuantizerStep(index: governor.step) ?? .standard
        let (units, duration) = try clock.measure { () throws(CodecError) in
            try encoder.encode(picture, number: number)
        }
        meter.add("detect and code", duration)
        for unit in units { await call.add(.keypoints(unit)) }
        try await liveSources?.step(picture, number, encoder, call, meter: &meter)
    }

    private func take(_ event: SendSession.Event) {
        switch event {
        case .sourceAcknowledged(let source):
            encoder.acknowledge(source)
            acknowledgedSources.insert(source)
        case .sourceSetAcknowledged(let set):
            encoder.acknowledge(set)
            hasSet = true
        case .picturesAcknowledged(let first, let count):
            encoder.acknowledgePictures(from: first, count: count)
        case .targetBitrate(let rate): follower.take(rate, at: clock.now)
        case .anchorHeld(let anchor): liveSources?.take(.held(anchor))
        case .anchorLost(let anchor): liveSources?.take(.lost(anchor))
        case .anchorsForgotten: liveSources?.take(.forgotten)
        case .connected, .ended: break
        }
    }

    private func report(_ call: SendCall, expected: Int?) async throws {
        guard let start else { return }
        let time = clock.now.since(start)
        guard meter.isDue(at: time) else { return }
        governor.take(droppedPictures: await call.statistics.droppedPictures)
        lossFollower.take(await call.statistics.lossShare)
        encoder.configuration.saysAgain = lossFollower.isLossy
        try changeVoice()
        let line = meter.second(await snapshot(call), at: time)
        statistics?.write(line)
        let total =
            expected.map { " of \(Int(Double($0) * options.plan.pictureRate.interval.seconds))" }
            ?? ""
        progress.show(
            "\(Int(time.seconds))\(total) s, \(line.wireKilobitsPerSecond) kbit/s on the wire of \(line.targetKilobitsPerSecond ?? 0), "
                + "detector \(line.stages["detect and code"]?.median ?? 0) ms, "
                + "sources held there: \(acknowledgedSources.count), lost there: \(await call.statistics.peerLostPictures)"
        )
    }

    private func snapshot(_ call: SendCall) async -> CallSnapshot {
        let counts = await call.statistics
        let wire = await call.wire
        var snapshot = CallSnapshot()
        snapshot.pictures = counts.pictures
        snapshot.lostPictures = counts.peerLostPictures
        snapshot.datagrams = wire.sent.datagrams
        snapshot.wire = wire.sent.size
        snapshot.returnWire = wire.received.size
        snapshot.rejectedDatagrams = counts.rejectedDatagrams + wire.ignored
        snapshot.voice = hasSound ? counts.voice : nil
        snapshot.keypoints = counts.keypoints
        snapshot.sourceSize = counts.sources
        snapshot.stream = counts.stream
        snapshot.streamPictures = counts.streamPictures
        snapshot.heldPictures = counts.heldPictures
        snapshot.headers = wire.sent.headers
        snapshot.droppedPictures = counts.droppedPictures
        snapshot.sources = acknowledgedSources.count
        snapshot.targetBitrate = counts.targetBitrate
        snapshot.queueingDelay = counts.queueingDelay
        snapshot.roundTrip = counts.roundTrip
        return snapshot
    }
}
