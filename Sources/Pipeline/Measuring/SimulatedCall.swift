import KeypointCoding
public import Media
import NetworkEmulation
import Session
public import VideoCoding
import Security
import WireFormat

/// A whole call in one process on a virtual clock: the very code of a real one, but for sockets and time.
public final class SimulatedCall {
    let encoder: VideoEncoder
    let decoder: VideoDecoder
    let options: Options
    let clock = SystemClock()
    let peer: NetworkAddress
    var sender: SecuredSendSession
    var receiver: SecuredReceiveSession
    /// Where the sender is at present.
    var address: NetworkAddress
    var turns: [(at: Instant, change: LinkTurn.Change)] = []
    var follower: PlanFollower
    var there: EmulatedLink
    var back: EmulatedLink
    var now = Instant.zero
    var result = SimulationResult()
    var stages = StageTimes()
    var isSenderOver = false
    var isReceiverOver = false
    var hasSet = false
    var governor: StepGovernor
    var lossFollower = LossFollower()
    var voice: FillerVoice
    var latestSends: [(at: Instant, bytes: Int)] = []
    var firstSecond: DataSize?
    /// When the first picture was taken.
    var begin: Instant?
    /// Of the picture that was shown last, to tell whether the stream brought a newer one.
    var latestLuma: [UInt8] = []
    let choice: SourceChoice?
    var director: SourceDirector?
    var room: SourceRoom
    var allowance: SourceAllowance?
    var nextLook = PictureNumber.zero
    var earliestLook = PictureNumber.zero
    var fallback: FallbackDirector?
    var streamRoom: SourceRoom
    var streamRate = Bitrate(bitsPerSecond: 0)
    /// The set of a new scene, before which no keypoints are sent.
    var awaited: SourceSetNumber?

    /// Puts both ends together; throws ``CallError/unsupported`` for keypoint counts that no call has.
    ///
    /// - Parameter choice: how the sender chooses sources; without it the first ones are all.
    public init(
        encoder: VideoEncoder, decoder: VideoDecoder, size: PictureSize, options: Options,
        choice: SourceChoice? = nil
    ) throws(CallError) {
        // Both ends share these weights by construction, so the hash only has to be the same.
        let hash = [UInt8](repeating: 0, count: HelloFrame.hashLength)
        guard
            let peer = NetworkAddress(bytes: [127, 0, 0, 1], port: 1),
            let hello = HelloFrame(
                size: size, rate: options.plan.pictureRate,
                keypointCount: options.keypointCount, promisedRate: options.plan.rate,
                weightsHash: hash)
        else { throw .unsupported }
        self.encoder = encoder
        self.decoder = decoder
        self.options = options
        self.peer = peer
        self.choice = choice
        room = SourceRoom(options.plan)
        allowance = options.sourceRate.map(SourceAllowance.init)
        streamRoom = room
        address = peer
        follower = PlanFollower(
            options.plan, start: options.adapts ? CallPlan.startingRate : options.plan.rate)
        governor = StepGovernor(follower.plan.keypointStep)
        voice = FillerVoice(follower.plan)
        encoder.configuration.sourceQuantizer = options.plan.sourceQuantizer
        encoder.configuration.coarseSide = options.plan.coarseSide
        encoder.configuration.picturesPerUnit = max(1, follower.plan.sentPicturesPerDatagram)
        encoder.configuration.step = QuantizerStep(index: governor.step) ?? .standard
        let session = SendSession(
            call: CallIdentifier(1), hello: hello, hasSound: options.plan.voiceBitrate != nil,
            interval: follower.plan.interval,
            startingRate: options.adapts ? CallPlan.startingRate : nil, at: .zero)
        let receiving = ReceiveSession(
            expecting: HelloExpectation(
                size: size, rate: options.plan.pictureRate,
                keypointCount: options.keypointCount, weightsHash: hash),
            playout: options.playout, isPeerProven: options.credentials != nil, at: .zero)
        let channels = try Self.channels(options, hash, to: peer)
        sender = SecuredSendSession(
            session, call: CallIdentifier(1), channel: channels?.initiating)
        receiver = SecuredReceiveSession(receiving, channel: channels?.responding)
        there = EmulatedLink(options.link, seed: options.seed)
        back = EmulatedLink(options.linkBack ?? options.link, seed: options.seed &+ 1)
    }

    /// The channels of a protected call, whose keys are drawn by the link's seed.
    private static func channels(
        _ options: Options, _ hash: [UInt8], to peer: NetworkAddress
    ) throws(CallError) -> (initiating: InitiatingChannel, responding: RespondingChannel)? {
        guard let credentials = options.credentials else { return nil }
        guard let terms = HandshakeTerms(hash, keypointCount: options.keypointCount) else {
            throw .unsupported
        }
        return (
            InitiatingChannel(
                to: peer, credentials: credentials, terms: terms,
                random: SplitMix64(seed: options.seed), at: .zero),
            RespondingChannel(
                credentials: credentials, terms: terms,
                random: SplitMix64(seed: options.seed &+ 1))
        )
    }

    /// Sends all pictures and plays them at the far end.
    ///
    /// - Parameters:
    ///   - source: the pictures.
    ///   - stills: the source set; where it is empty, the first picture becomes the only source.
    ///   - show: called with each picture that is sent, and with each one that is played.
    public func run(
        _ source: any PictureSource, stills: [VideoFrame], show: (SimulationStep) throws -> Void
    ) throws -> SimulationResult {
        guard let first = try source.next() else { throw CallError.noPictures }
        let pictures = stills.isEmpty ? [first] : stills
        guard pictures.count <= SourceSet.largestCount else {
            throw CallError.sourceCount(pictures.count)
        }
        let sources = try SourceSchedule(
            pictures, encoder: encoder, rate: min(options.plan.rate, follower.plan.rate),
            choice: options.sourceRate == nil ? choice : nil)
        result.sourceBytes = sources.size.bytes
        for frame in sources.frames { sender.add(frame, at: now) }
        director = choice.map {
            SourceDirector($0, after: sources, of: stills.isEmpty ? first : nil)
        }
        fallback = choice?.fallback.map { FallbackDirector($0, options.plan.pictureRate) }
        for picture in pictures { try show(.source(picture)) }
        try connect(show)
        let begin = now
        self.begin = begin
        turns = options.turns.map { (begin.advanced(by: $0.after), $0.change) }
        result.timeToFirstSet = begin.since(.zero)
        var count = 0
        var picture: VideoFrame? = first
        while let current = picture, !isSenderOver {
            if let largest = options.largestPictureCount, count >= largest { break }
            let taken = begin.advanced(by: options.plan.pictureRate.interval * count)
            try run(until: taken, show)
            try send(current, PictureNumber(UInt32(count)), show)
            count += 1
            picture = try source.next()
            if firstSecond == nil, now.since(begin) >= .seconds(1) { firstSecond = wire }
        }
        for unit in try encoder.flush() { add(unit) }
        let mediaTime = now.since(begin) + options.plan.pictureRate.interval
        sender.end(.finished, at: now)
        try run(until: now.advanced(by: .seconds(60)), show)
        return finish(count, mediaTime)
    }

    private func connect(_ show: (SimulationStep) throws -> Void) throws {
        // A receiver whose sources never arrive is no call, either.
        while !hasSet, now < Instant.zero.advanced(by: .seconds(120)) {
            guard !isSenderOver else { throw CallError.failedThere }
            try run(until: now.advanced(by: .milliseconds(20)), show)
        }
    }

    private func send(
        _ picture: VideoFrame, _ number: PictureNumber, _ show: (SimulationStep) throws -> Void
    ) throws {
        if options.adapts, let plan = follower.next(for: number, at: now) { try use(plan) }
        let plan = follower.plan
        for sound in voice.voice(of: number) { sender.add(.voice(sound), at: now) }
        if number.rawValue.isMultiple(of: UInt32(plan.pictureRate.picturesPerSecond)) {
            noteMoment()
            governor.take(droppedPictures: sender.statistics.droppedPictures)
            lossFollower.take(sender.statistics.lossShare)
            encoder.configuration.saysAgain = options.adapts && lossFollower.isLossy
            encoder.configuration.step = QuantizerStep(index: governor.step) ?? .standard
        }
        let stride = UInt32(max(1, plan.pictureStride))
        guard plan.pictureStride > 0, number.rawValue.isMultiple(of: stride) else {
            try show(.sent(number, picture))
            return
        }
        try self.show(fallback?.see(picture, number, rate: streamRate), show)
        if let awaited, encoder.hasReached(awaited) {
            self.awaited = nil
            try self.show(fallback?.sourceArrived(number), show)
        }
        if let fallback, !fallback.isWarping {
            try stand(picture, number, fallback, show)
            return
        }
        if awaited != nil, fallback == nil {
            for unit in try encoder.flush() { add(unit) }
            try show(.sent(number, picture))
            return
        }
        let (units, duration) = try clock.measure { () throws(CodecError) in
            try encoder.encode(picture, number: number)
        }
        stages.add("detect and code", duration)
        try show(.sent(number, picture))
        for unit in units { add(unit) }
        try look(at: picture, number, show)
        try run(until: now, show)
    }

    /// Sends what stands in the place of a picture's keypoints.
    private func stand(
        _ picture: VideoFrame, _ number: PictureNumber, _ fallback: FallbackDirector,
        _ show: (SimulationStep) throws -> Void
    ) throws {
        for unit in try encoder.flush() { add(unit) }
        _ = try encoder.encode(picture, number: number)
        _ = try encoder.flush()
        try show(.sent(number, picture))
        let (frames, duration) = try clock.measure { () throws(CodecError) in
            try fallback.frames(
                picture, number, rate: streamRate, unsent: sender.unsentPictures,
                perDatagram: follower.plan.picturesPerDatagram)
        }
        stages.add("code VP8", duration)
        for frame in frames { sender.add(frame, at: now) }
        try look(at: picture, number, show)
        try run(until: now, show)
    }

    private func show(
        _ line: FallbackLine?, _ show: (SimulationStep) throws -> Void
    ) throws {
        guard let line else { return }
        result.trace.asides.append(line)
        try show(.steppedAside(line))
    }

    /// Goes on as suits what the link carries.
    private func use(_ plan: CallPlan) throws {
        for unit in try encoder.flush() { add(unit) }
        encoder.configuration.picturesPerUnit = max(1, plan.sentPicturesPerDatagram)
        governor = StepGovernor(plan.keypointStep)
        encoder.configuration.step = QuantizerStep(index: governor.step) ?? .standard
        sender.use(interval: plan.interval)
        voice.plan = plan
    }

    /// Lets the policy see how the call is doing, and does what it wants.
    private func look(
        at picture: VideoFrame, _ number: PictureNumber, _ show: (SimulationStep) throws -> Void
    ) throws {
        streamRate = streamRoom.rate(
            of: min(options.plan.rate, sender.targetBitrate), wire: wire,
            sources: sender.statistics.sources + sender.statistics.stream,
            at: now.since(.zero))
        if fallback?.takeEndOfStream() == true { sender.endStream() }
        let isEarly = fallback?.wantsEarlyLook == true && number >= earliestLook
        guard let director, number >= nextLook || isEarly || fallback?.wantsLook == true,
            let keypoints = encoder.codedKeypoints(of: number)
        else { return }
        nextLook = number.advanced(by: options.lookInterval) ?? number
        earliestLook = number.advanced(by: max(1, options.lookInterval / 2)) ?? number
        fallback?.look(at: number)
        let rate =
            allowance?.rate
            ?? room.rate(
                of: min(options.plan.rate, sender.targetBitrate), wire: wire,
                sources: sender.statistics.sources, at: now.since(.zero))
        let underWay = allowance?.underWay(at: now.since(.zero)) ?? sender.unsentSources
        let (outcome, duration) = try clock.measure { () throws(CodecError) in
            try director.look(
                at: SourceDirector.View(
                    frame: picture, number: number, keypoints: keypoints, set: encoder.sourceSet,
                    rate: rate, underWay: underWay, streamRate: streamRate,
                    streamed: fallback?.streamed(in: picture.size)))
        }
        stages.add("look", duration)
        if let (source, set) = outcome.addition {
            try encoder.insert(source)
            encoder.insert(set)
            sender.add(.source(source.coded), at: now)
            sender.add(.sourceSet(set), at: now)
            if outcome.isNewScene { awaited = set.number }
            result.sourceBytes += source.coded.payload.count
            allowance?.spend(DataSize(bytes: source.coded.payload.count))
        }
        for source in outcome.retired { encoder.remove(source) }
        for source in outcome.dropped { sender.drop(source) }
        result.trace.looks.append(outcome.line)
        try show(.looked(outcome.line))
        try self.show(fallback?.take(outcome.aside, of: number, now: number), show)
    }

    private func add(_ unit: CodedKeypoints) {
        result.keypointBytes += unit.payload.count
        sender.add(.keypoints(unit), at: now)
    }

    var wire: DataSize {
        options.credentials == nil
            ? sealed(sender.statistics.sent, sender.statistics.sentDatagrams)
            : sender.traffic.size
    }

    var returnWire: DataSize {
        options.credentials == nil
            ? sealed(receiver.statistics.sent, receiver.statistics.sentDatagrams)
            : receiver.returnTraffic.size
    }

    /// What so many plain datagrams take on the wire when they are sealed, as calls are.
    private func sealed(_ plain: DataSize, _ count: Int) -> DataSize {
        Traffic(plain, count, .zero, 0, isSealed: true, .ipv4AndUDPHeaders).size
    }

    private func finish(_ count: Int, _ mediaTime: Duration) -> SimulationResult {
        result.sentPictures = count
        result.mediaTime = mediaTime
        result.wire = wire
        result.handshakes = sender.security.sentHandshakes
        result.handshakeWire = DataSize(
            bytes: sender.security.sent.bytes
                + sender.security.sentHandshakes * DataSize.ipv4AndUDPHeaders.bytes)
        result.sourceWire = sender.statistics.sources
        result.keypointWire = sender.statistics.keypoints
        result.voiceWire = sender.statistics.voice
        result.streamWire = sender.statistics.stream
        result.droppedPictures = sender.statistics.droppedPictures
        result.returnWire = returnWire
        result.wireAfterFirstSecond = DataSize(bytes: wire.bytes - (firstSecond ?? wire).bytes)
        result.datagrams = sender.statistics.sentDatagrams
        result.link = there.counts
        result.lostVoiceTicks = receiver.statistics.lostVoiceTicks
        result.lostPictures = receiver.statistics.lostPictures
        result.longestLoss = receiver.statistics.longestLoss
        result.stages = stages.summary
        return result
    }
}
