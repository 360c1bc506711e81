import KeypointCoding
package import Media
package import VideoCoding
import WireFormat

/// Carries out what a ``VideoCoding/SourcePolicy`` decides: rehearses pictures, keeps those that may
/// become sources, codes them, names sets, gives up what is replaced.
///
/// Not for several tasks at once.
package final class SourceDirector {
    /// A picture to look at, and how the call is doing.
    package struct View: Sendable {
        /// The camera's picture.
        package var frame: VideoFrame
        /// Its number.
        package var number: PictureNumber
        /// Its keypoints as the receiver has them.
        package var keypoints: Keypoints
        /// The newest set that the receiver has acknowledged.
        package var set: SourceSetNumber
        /// What the call leaves for sources.
        package var rate: Bitrate
        /// What of sources has not arrived yet.
        package var underWay: DataSize
        /// What the call leaves for the stream and for sources.
        package var streamRate: Bitrate
        /// What the receiver shows of the stream; nothing where it shows none.
        package var streamed: VideoFrame?

        package init(
            frame: VideoFrame, number: PictureNumber, keypoints: Keypoints, set: SourceSetNumber,
            rate: Bitrate, underWay: DataSize, streamRate: Bitrate = Bitrate(bitsPerSecond: 0),
            streamed: VideoFrame? = nil
        ) {
            self.streamRate = streamRate
            self.streamed = streamed
            self.frame = frame
            self.number = number
            self.keypoints = keypoints
            self.set = set
            self.rate = rate
            self.underWay = underWay
        }
    }

    /// What a look came to.
    package struct Outcome: Sendable {
        /// A new source and the set with it.
        package var addition: (source: EncodedSource, set: SourceSet)?
        /// Sources that new pictures are rebuilt from no more.
        package var retired: [SourceIdentifier] = []
        /// Sources that are needed no more, not even for pictures that are on their way.
        package var dropped: [SourceIdentifier] = []
        /// Whether the addition begins another scene: what is held is of no use, and keypoints would show
        /// somebody or something that is not there.
        package var isNewScene = false
        /// What tells whether to go on warping.
        package var aside: AsideLook
        /// What was seen and decided.
        package var line: SourceLine
    }

    private var policy: SourcePolicy
    private let coder: SourceCoder
    private let rehearsal: Rehearsal?
    private var pictures: [PictureNumber: VideoFrame] = [:]
    private var sets: [SourceSet]
    private var current: SourceSet?
    private var nextSource: Int
    private var replaced: [(source: SourceIdentifier, since: Duration)] = []
    private var calibration = Calibration.none
    private var held = HeldSources()
    /// Tries what the stream would show; nothing where there is to be none.
    private let trial: StreamRehearsal?
    private let suspiciousDistance: Double
    /// What was only there to be looked at until the first picture.
    private var still: SourceIdentifier?

    /// What is known of what quantisers cost and give.
    private enum Calibration {
        case none
        /// For sources that stand alone: the scene has none yet.
        case alone
        case predicted
    }

    /// Pictures of a set that is past may still wait to be shown for so long.
    private static let patience = Duration.seconds(2)

    /// Takes over where a schedule of first sources ends.
    ///
    /// - Parameters:
    ///   - choice: what decides, and the backends for it.
    ///   - first: the picture that the schedule's sources were made of; nothing where they are not of
    ///     the call.
    init(_ choice: SourceChoice, after schedule: SourceSchedule, of first: VideoFrame?) {
        policy = choice.policy
        coder = choice.coder
        rehearsal = choice.rehearsal
        trial = choice.fallback?.trial
        suspiciousDistance = choice.fallback?.aside.configuration.suspiciousDistance ?? 1
        sets = schedule.sets
        nextSource = schedule.sources.map { Int($0.coded.identifier.rawValue) + 1 }.max() ?? 0
        still = schedule.still
        for (index, source) in schedule.sources.enumerated() {
            if source.coded.identifier == still { continue }
            let isCoarse = index == 0 && schedule.isFirstCoarse
            rehearsal?.insert(source)
            held.insert(source)
            self.policy.insert(
                ChosenSource(
                    identifier: source.coded.identifier, picture: first.map { _ in .zero },
                    keypoints: source.state.keypoints,
                    loss: first.map { PictureDistance($0).distance(to: source.picture) }
                        ?? policy.configuration.unknownLoss,
                    size: DataSize(bytes: source.coded.payload.count),
                    quantizer: isCoarse ? 63 : schedule.quantizer,
                    isCoarse: isCoarse))
        }
        if let first { pictures[.zero] = first }
    }

    /// Looks at a picture and does what the policy wants.
    package func look(at view: View) throws(CodecError) -> Outcome {
        let time = PictureRate.standard.time(ofPicture: Int(view.number.rawValue))
        let since = Duration.microseconds(time.microseconds)
        var retired = take(view.set, since)
        if let still {
            retired.append(still)
            replaced.append((still, since))
            self.still = nil
        }
        pictures[view.number] = view.frame
        let scale = PictureDistance(view.frame)
        var distance: Double?
        if let current, let rehearsal,
            let shown = try rehearsal.picture(view.keypoints, from: current.sources, time: time)
        {
            distance = scale.distance(to: shown)
        }
        let streamed = try streamed(view, scale, warped: distance, since)
        try calibrate()
        let look = SourceLook(
            picture: view.number, time: since, keypoints: view.keypoints, distance: distance,
            trial: try answered(policy.trial), sharpness: scale.sharpness, rate: view.rate,
            underWay: view.underWay)
        let order = policy.take(look)
        var outcome = Outcome(
            aside: AsideLook(
                time: since, warped: distance, streamed: streamed, rate: view.streamRate,
                isNewScene: false, isSourceUnderWay: view.underWay > .zero),
            line: SourceLine(look, order, current?.sources ?? []))
        outcome.line.trust = (policy.trust(at: since) * 10_000).rounded() / 10_000
        outcome.line.streamed = streamed.map { ($0 * 10_000).rounded() / 10_000 }
        if let order, let frame = pictures[order.picture] {
            outcome.addition = try carryOut(order, frame)
            outcome.aside.isSourceUnderWay = true
            outcome.line.bytes = outcome.addition?.source.coded.payload.count
            outcome.line.base = outcome.addition?.source.base.map { Int($0.rawValue) }
        }
        outcome.retired = retired
        outcome.dropped = takeDropped(since)
        if order?.reason == .newScene, let addition = outcome.addition {
            outcome.isNewScene = true
            outcome.aside.isNewScene = true
            calibration = .none
            held.removeAll()
            held.insert(addition.source)
            outcome.dropped += cancelUnderWay(but: addition.set)
        }
        outcome.line.dropped = outcome.dropped.map { Int($0.rawValue) }
        let remembered = policy.remembered
        pictures = pictures.filter { remembered.contains($0.key) }
        return outcome
    }

    /// Rehearses a remembered picture once more, where the policy asks.
    private func answered(_ trial: SourceTrial?) throws(CodecError) -> SourceTrial? {
        guard var trial, let current, let rehearsal, let frame = pictures[trial.picture],
            let shown = try rehearsal.picture(
                trial.keypoints, from: current.sources, time: frame.time)
        else { return nil }
        trial.found = PictureDistance(frame).distance(to: shown)
        return trial
    }

    /// How far the stream is from the camera's picture, or would be where warping looks bad.
    private func streamed(
        _ view: View, _ scale: PictureDistance, warped: Double?, _ time: Duration
    ) throws(CodecError) -> Double? {
        if let shown = view.streamed {
            trial?.end()
            return scale.distance(to: shown)
        }
        guard let trial, let warped, warped >= suspiciousDistance,
            view.streamRate.bitsPerSecond > 0
        else {
            trial?.end()
            return nil
        }
        return try trial.distance(
            view.frame, number: view.number, time: time, scale: scale, rate: view.streamRate)
    }

    /// Takes in which set the receiver holds; the sources that are used no more.
    private func take(_ number: SourceSetNumber, _ now: Duration) -> [SourceIdentifier] {
        guard current?.number != number, let set = sets.first(where: { $0.number == number })
        else { return [] }
        let before = current?.sources ?? []
        current = set
        sets.removeAll { set.number.isNewer(than: $0.number) }
        let retired = before.filter { !set.sources.contains($0) }
        replaced += retired.map { ($0, now) }
        policy.acknowledge(set.sources)
        return retired
    }

    private func takeDropped(_ now: Duration) -> [SourceIdentifier] {
        let inUse = Set(current?.sources ?? [])
        let waiting = Set(sets.flatMap(\.sources)).subtracting(inUse)
        // What is predicted from a source needs it until it has arrived.
        let needed = held.bases(of: waiting)
        let due = replaced.filter { now - $0.since >= Self.patience && !needed.contains($0.source) }
            .map(\.source)
        replaced.removeAll { due.contains($0.source) }
        for source in due { rehearsal?.remove(source) }
        held.keep(waiting.union(inUse))
        return due
    }

    /// Gives up what is on its way and was not acknowledged.
    private func cancelUnderWay(but set: SourceSet) -> [SourceIdentifier] {
        let held = current?.sources ?? []
        let others = Set(sets.flatMap(\.sources)).subtracting(held + set.sources)
        sets = [set]
        for source in others { rehearsal?.remove(source) }
        return others.sorted()
    }

    /// Finds out what quantisers cost and give: of sources that stand alone when a scene begins, and of predicted
    /// ones when its first source has arrived.
    private func calibrate() throws(CodecError) {
        guard calibration != .predicted, policy.isAdaptive,
            let (number, frame) = pictures.max(by: { $0.key < $1.key })
        else { return }
        let bases = Array(held.named(policy.bases(for: number)).prefix(1))
        guard calibration == .none || !bases.isEmpty else { return }
        calibration = bases.isEmpty ? .alone : .predicted
        let scale = PictureDistance(frame)
        for quantizer in policy.configuration.triedQuantizers {
            let (bytes, _, shown) = try coder.still(frame, quantizer: quantizer, from: bases)
            policy.calibrate(
                quantizer, size: DataSize(bytes: bytes.count), loss: scale.distance(to: shown))
        }
        policy.calibrateBetween()
    }

    private func carryOut(
        _ order: SourceOrder, _ frame: VideoFrame
    ) throws(CodecError) -> (EncodedSource, SourceSet)? {
        let last = sets.last ?? current
        guard let last, nextSource < WireConstants.sourceIdentifierLimit else { return nil }
        let identifier = SourceIdentifier(UInt16(nextSource))
        let bases = order.reason == .newScene ? [] : held.named(policy.bases(for: order.picture))
        let source = try coder.encode(
            frame, as: identifier, quantizer: order.quantizer, side: order.side, from: bases)
        let kept = last.sources.filter { !order.replaced.contains($0) }
        guard let set = SourceSet(number: last.number.next, sources: kept + [identifier]) else {
            return nil
        }
        nextSource += 1
        sets.append(set)
        rehearsal?.insert(source)
        held.insert(source)
        policy.insert(
            ChosenSource(
                identifier: identifier, picture: order.picture,
                keypoints: source.state.keypoints,
                loss: PictureDistance(frame).distance(to: source.picture),
                size: DataSize(bytes: source.coded.payload.count), quantizer: order.quantizer,
                isCoarse: order.side != nil))
        return (source, set)
    }
}
