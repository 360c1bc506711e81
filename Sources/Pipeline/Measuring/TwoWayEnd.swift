import KeypointCoding
import Media
import Session
import VideoCoding
import WireFormat

/// One end of a simulated call in which both send: the session of a real call, keypoints and sources of a
/// real clip, and a voice of the right size.
final class TwoWayEnd {
    var call: TwoWayCall
    /// What it sent, and what the other end could do with it.
    var result = TwoWayResult()
    /// What came in at this end of the other one's.
    private(set) var played: [(number: PictureNumber, at: Instant)] = []
    private(set) var heardTicks = 0
    private(set) var isSenderOver = false
    private(set) var isReceiverOver = false
    /// Whether the other end holds the first sources.
    private(set) var hasSet = false

    private let encoder: VideoEncoder
    private let rate: PictureRate
    private var follower: PlanFollower
    private var governor: StepGovernor
    private var lossFollower = LossFollower()
    private var voice: FillerVoice
    private var latestSends: [(at: Instant, bytes: Int)] = []

    /// - Throws: ``CallError``, `CodecError`.
    init(
        _ plan: CallPlan, _ encoder: VideoEncoder, first: VideoFrame, sharesDatagrams: Bool
    ) throws {
        let hash = [UInt8](repeating: 0, count: HelloFrame.hashLength)
        guard
            let hello = HelloFrame(
                size: first.size, rate: plan.pictureRate,
                keypointCount: Keypoints.standardCount, promisedRate: plan.rate,
                weightsHash: hash)
        else { throw CallError.unsupported }
        self.encoder = encoder
        rate = plan.pictureRate
        follower = PlanFollower(plan, start: CallPlan.startingRate)
        governor = StepGovernor(follower.plan.keypointStep)
        voice = FillerVoice(follower.plan)
        encoder.configuration.sourceQuantizer = plan.sourceQuantizer
        encoder.configuration.coarseSide = plan.coarseSide
        encoder.configuration.picturesPerUnit = max(1, follower.plan.sentPicturesPerDatagram)
        encoder.configuration.step = QuantizerStep(index: governor.step) ?? .standard
        call = TwoWayCall(
            sender: SendSession(
                call: CallIdentifier(1), hello: hello, hasSound: plan.voiceBitrate != nil,
                interval: follower.plan.interval, startingRate: CallPlan.startingRate, at: .zero),
            receiver: ReceiveSession(
                expecting: HelloExpectation(
                    size: first.size, rate: plan.pictureRate,
                    keypointCount: Keypoints.standardCount, weightsHash: hash),
                playout: .live, at: .zero),
            sharesDatagrams: sharesDatagrams)
        let schedule = try SourceSchedule(
            [first], encoder: encoder, rate: min(plan.rate, CallPlan.startingRate))
        for frame in schedule.frames { call.sender.add(frame, at: .zero) }
    }

    /// Sends a picture and the sound of its time.
    func send(_ picture: VideoFrame, _ number: PictureNumber, at now: Instant) throws {
        result.pictures += 1
        if let plan = follower.next(for: number, at: now) { try use(plan, at: now) }
        let plan = follower.plan
        for sound in voice.voice(of: number) { call.sender.add(.voice(sound), at: now) }
        if number.rawValue.isMultiple(of: UInt32(rate.picturesPerSecond)) {
            governor.take(droppedPictures: call.sender.statistics.droppedPictures)
            lossFollower.take(call.sender.statistics.lossShare)
            encoder.configuration.saysAgain = lossFollower.isLossy
            encoder.configuration.step = QuantizerStep(index: governor.step) ?? .standard
        }
        guard plan.pictureStride > 0,
            number.rawValue.isMultiple(of: UInt32(plan.pictureStride))
        else { return }
        for unit in try encoder.encode(picture, number: number) {
            call.sender.add(.keypoints(unit), at: now)
        }
    }

    /// Says goodbye behind what waits.
    func finish(at now: Instant) throws {
        for unit in try encoder.flush() { call.sender.add(.keypoints(unit), at: now) }
        result.target = call.sender.targetBitrate
        call.sender.end(.finished, at: now)
    }

    private func use(_ plan: CallPlan, at now: Instant) throws {
        for unit in try encoder.flush() { call.sender.add(.keypoints(unit), at: now) }
        encoder.configuration.picturesPerUnit = max(1, plan.sentPicturesPerDatagram)
        governor = StepGovernor(plan.keypointStep)
        call.sender.use(interval: plan.interval)
        voice.plan = plan
    }

    /// Does all that is due; when it wakes.
    func drain(at now: Instant, _ transmit: ([UInt8]) -> Void) -> Instant? {
        while true {
            switch call.poll(at: now) {
            case .transmit(let bytes):
                count(bytes, at: now)
                transmit(bytes)
            case .sent(let event): take(event, at: now)
            case .received(let event): take(event, at: now)
            case .wait(let wake): return wake
            }
        }
    }

    private func count(_ bytes: [UInt8], at now: Instant) {
        // Plain headers are three bytes shorter than a seal's.
        let size = bytes.count + 3 + DataSize.ipv4AndUDPHeaders.bytes
        result.wire += DataSize(bytes: size)
        result.datagrams += 1
        latestSends.append((now, size))
        latestSends.removeAll { now.since($0.at) > RatePromise.window }
        let latest = DataSize(bytes: latestSends.reduce(0) { $0 + $1.bytes })
        result.largestTwoSeconds = max(result.largestTwoSeconds, latest)
    }

    private func take(_ event: SendSession.Event, at now: Instant) {
        switch event {
        case .sourceAcknowledged(let source): encoder.acknowledge(source)
        case .sourceSetAcknowledged(let set):
            encoder.acknowledge(set)
            hasSet = true
        case .picturesAcknowledged(let first, let count):
            encoder.acknowledgePictures(from: first, count: count)
        case .targetBitrate(let rate): follower.take(rate, at: now)
        case .ended: isSenderOver = true
        case .connected, .anchorHeld, .anchorLost, .anchorsForgotten: break
        }
    }

    private func take(_ event: ReceiveSession.Event, at now: Instant) {
        switch event {
        case .play(let number, isThere: true): played.append((number, now))
        case .voice(let play): heardTicks += play.tickCount
        case .ended: isReceiverOver = true
        default: break
        }
    }
}
