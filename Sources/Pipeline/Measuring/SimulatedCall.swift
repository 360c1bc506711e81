import KeypointCoding
public import Media
public import NetworkEmulation
public import Session
public import VideoCoding
public import Security
import WireFormat

/// A whole call in one process on a virtual clock: the very code of a real one, but for sockets and time.
public final class SimulatedCall {
    /// What can be chosen.
    public struct Options: Sendable {
        /// The link from sender to receiver, and the one back.
        public var link = LinkConditions()
        /// The seed of both links.
        public var seed: UInt64 = 1
        /// Whether a person watches or a file is written.
        public var playout = Playout.recording
        /// Stop after so many pictures.
        public var largestPictureCount: Int?
        /// Keypoints in each picture.
        public var keypointCount = Keypoints.standardCount
        /// The link back, where it is another one.
        public var linkBack: LinkConditions?
        /// What happens to both links, and when after the first picture.
        public var turns: [LinkTurn] = []
        /// Whether the rate follows what the link carries, as in a real call; otherwise the promised rate is
        /// known to fit, so that measurements of coding do not depend on the link.
        public var adapts = false
        /// What both ends prove themselves with; nothing for a call that nothing protects.
        public var credentials: Credentials?
        /// How the call uses its rate.
        public var plan: CallPlan
        /// The rate at which sources are chosen, where it is not what the call leaves them. The first source
        /// is then coded as the plan says, and none goes ahead of it.
        public var sourceRate: Bitrate?

        /// A perfect link, and a recording.
        public init(plan: CallPlan) { self.plan = plan }
    }

    private let encoder: VideoEncoder
    private let decoder: VideoDecoder
    private let options: Options
    private let clock = SystemClock()
    private let peer: NetworkAddress
    private var sender: SecuredSendSession
    private var receiver: SecuredReceiveSession
    /// Where the sender is at present.
    private var address: NetworkAddress
    private var turns: [(at: Instant, change: LinkTurn.Change)] = []
    private var follower: PlanFollower
    private var there: EmulatedLink
    private var back: EmulatedLink
    private var now = Instant.zero
    private var result = SimulationResult()
    private var stages = StageTimes()
    private var isSenderOver = false
    private var isReceiverOver = false
    private var hasSet = false
    private var governor: StepGovernor
    private var lossFollower = LossFollower()
    private var voice: FillerVoice
    private var latestSends: [(at: Instant, bytes: Int)] = []
    private var firstSecond: DataSize?
    /// When the first picture was taken.
    private var begin: Instant?
    private let choice: SourceChoice?
    private var director: SourceDirector?
    private var room: SourceRoom
    private var allowance: SourceAllowance?
    private var nextLook = PictureNumber.zero
    private var fallback: FallbackDirector?
    private var streamRoom: SourceRoom
    private var streamRate = Bitrate(bitsPerSecond: 0)
    /// The set of a new scene, before which no keypoints are sent.
    private var awaited: SourceSetNumber?

    /// Between looks at the call, in pictures: two a second.
    private static let lookInterval = 12

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
            playout: options.playout, at: .zero)
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
        if let awaited, awaited == encoder.sourceSet {
            self.awaited = nil
            try self.show(fallback?.sourceArrived(number), show)
        }
        if let fallback, !fallback.isWarping {
            try stand(picture, number, fallback, show)
            return
        }
        if awaited != nil {
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
                isSourceUnderWay: sender.unsentSources > .zero,
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
        if let line { try show(.steppedAside(line)) }
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
        guard let director, number >= nextLook || fallback?.wantsLook == true,
            let keypoints = encoder.codedKeypoints(of: number)
        else { return }
        nextLook = number.advanced(by: Self.lookInterval) ?? number
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
        try show(.looked(outcome.line))
        try self.show(fallback?.take(outcome.aside, of: number, now: number), show)
    }

    private func add(_ unit: CodedKeypoints) {
        result.keypointBytes += unit.payload.count
        sender.add(.keypoints(unit), at: now)
    }

    private var wire: DataSize {
        options.credentials == nil
            ? sealed(sender.statistics.sent, sender.statistics.sentDatagrams)
            : sender.traffic.size
    }

    private var returnWire: DataSize {
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

    /// Lets everything happen up to an instant, or until both ends are done.
    private func run(until end: Instant, _ show: (SimulationStep) throws -> Void) throws {
        while !(isSenderOver && isReceiverOver) {
            while let turn = turns.first, turn.at <= now {
                turns.removeFirst()
                take(turn.change)
            }
            while let bytes = there.receive(at: now) {
                receiver.receive(bytes.span, from: address, at: now)
            }
            while let bytes = back.receive(at: now) {
                sender.receive(bytes.span, from: peer, at: now)
            }
            var wakes = [drainSender(), try drainReceiver(show)].compactMap(\.self)
            wakes += [there.nextArrival, back.nextArrival, turns.first?.at].compactMap(\.self)
            guard let next = wakes.min(), next <= end else { break }
            now = max(now, next)
        }
        now = max(now, end)
    }

    /// Keeps what went out over the last two seconds, as if sealed.
    private func countForPromise(_ bytes: [UInt8]) {
        let seal = options.credentials == nil ? 3 : 0
        latestSends.append((now, bytes.count + seal + DataSize.ipv4AndUDPHeaders.bytes))
        latestSends.removeAll { now.since($0.at) > .seconds(2) }
        let size = DataSize(bytes: latestSends.reduce(0) { $0 + $1.bytes })
        result.largestTwoSeconds = max(result.largestTwoSeconds, size)
    }

    /// Keeps when a picture was shown.
    private func note(_ picture: DecodedPicture) {
        guard let begin else { return }
        let taken = begin.advanced(
            by: options.plan.pictureRate.interval * Int(picture.number.rawValue))
        result.trace.shown.append(
            .init(
                picture: picture.number, time: now.since(begin), delay: now.since(taken),
                isWhole: picture.origin == .generated, isMadeUp: picture.origin == .madeUp))
    }

    /// Keeps how things stand.
    private func noteMoment() {
        guard let begin else { return }
        result.trace.moments.append(
            .init(
                time: now.since(begin), wire: wire, returnWire: returnWire,
                voice: sender.statistics.voice, keypoints: sender.statistics.keypoints,
                sources: sender.statistics.sources, stream: sender.statistics.stream,
                target: sender.targetBitrate, plan: follower.plan.rate,
                queueing: sender.statistics.queueingDelay,
                playout: receiver.statistics.playoutDelay,
                lostVoiceTicks: receiver.statistics.lostVoiceTicks))
    }

    private func take(_ change: LinkTurn.Change) {
        switch change {
        case .conditions(let conditions, let backwards):
            there.conditions = conditions
            back.conditions = backwards
        case .address(let address): self.address = address
        }
    }

    private func drainSender() -> Instant? {
        while true {
            switch sender.poll(at: now) {
            case .transmit(let bytes):
                countForPromise(bytes)
                there.send(bytes, at: now)
            case .event(.sourceAcknowledged(let source)): encoder.acknowledge(source)
            case .event(.sourceSetAcknowledged(let set)):
                encoder.acknowledge(set)
                hasSet = true
            case .event(.picturesAcknowledged(let first, let count)):
                encoder.acknowledgePictures(from: first, count: count)
            case .event(.targetBitrate(let rate)): follower.take(rate, at: now)
            case .event(.anchorHeld(let anchor)): fallback?.take(.held(anchor))
            case .event(.anchorLost(let anchor)): fallback?.take(.lost(anchor))
            case .event(.anchorsForgotten): fallback?.take(.forgotten)
            case .event(.connected): break
            case .event(.ended): isSenderOver = true
            case .wait(let wake): return wake
            }
        }
    }

    private func drainReceiver(_ show: (SimulationStep) throws -> Void) throws -> Instant? {
        while true {
            switch receiver.poll(at: now) {
            case .transmit(let bytes, let to):
                // What goes to where the sender was before is lost.
                if to == address { back.send(bytes, at: now) }
            case .event(let event): try take(event, show)
            case .wait(let wake): return wake
            }
        }
    }

    private func take(
        _ event: ReceiveSession.Event, _ show: (SimulationStep) throws -> Void
    ) throws {
        switch event {
        // The call was made without sound.
        case .started: break
        case .voice(let play): result.voiceTicks += play.tickCount
        case .source(let source):
            do {
                let (picture, duration) = try clock.measure { () throws(CodecError) in
                    try decoder.insert(source)
                }
                stages.add("encode source", duration)
                try show(.heldSource(picture))
            } catch let error as CodecError {
                // A link that flips bits can break a source; a call goes on without it.
                result.rejectedSources.append(error)
            }
        case .sourceSet(let set): decoder.insert(set)
        case .sourceDropped(let source): decoder.remove(source)
        case .keypoints(let unit):
            do {
                try decoder.insert(unit)
            } catch {
                // What it held is shown as missing.
                result.undecodableUnits += 1
            }
        case .picture(let picture):
            if (try? decoder.insert(picture)) == nil { receiver.forgetPictures(at: now) }
        case .held(let held): decoder.insert(held)
        case .keypointsAgain(let again):
            do {
                try decoder.insert(again)
            } catch {
                result.undecodableUnits += 1
            }
        case .play(let number, _):
            let time = options.plan.pictureRate.time(ofPicture: Int(number.rawValue))
            let (picture, duration) = clock.measure {
                decoder.picture(number, time: time)
            }
            guard let picture else { return }
            note(picture)
            switch picture.origin {
            case .generated:
                stages.add("warp", duration)
                result.generatedPictures += 1
            case .madeUp: result.madeUpPictures += 1
            case .streamed: result.streamedPictures += 1
            case .standing: result.standingPictures += 1
            case .missing, .undecodable: break
            }
            try show(.shown(picture))
        case .ended: isReceiverOver = true
        }
    }
}
