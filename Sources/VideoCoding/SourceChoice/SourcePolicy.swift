public import Media

/// Decides which pictures of a call become sources: a pure value, driven by numbers.
///
/// Drive it so: ``insert(_:)`` each source that is coded, ``acknowledge(_:)`` each set that the receiver
/// holds, ``take(_:)`` looks, about two a second, and code what it orders. It remembers
/// the poses of the last looks and what was measured at them, expects the next seconds to be like
/// these, and orders the source whose gain is largest for the time that its bytes take.
public struct SourcePolicy: Sendable {
    /// How sources are chosen.
    public enum Kind: Hashable, Sendable {
        /// The first picture stays the only source.
        case first
        /// Each so many seconds the newest picture becomes a source.
        case interval(Duration)
        /// By what is measured.
        case adaptive
    }

    /// What it knows of a look.
    struct Memory: Sendable {
        var look: SourceLook
        /// The sources that the picture was rebuilt from.
        var set: [SourceIdentifier]
        /// What the model said of them at that time.
        var expected: Double
    }

    /// What a quantiser costs and gives.
    struct Rung: Sendable {
        var quantizer: Int
        var size: Double
        var loss: Double
    }

    /// How sources are chosen.
    public let kind: Kind
    /// What can be tuned.
    public let configuration: Configuration
    var known: [ChosenSource] = []
    /// The set that the receiver rebuilds from.
    var current: [SourceIdentifier] = []
    /// The set that was ordered last.
    var planned: [SourceIdentifier] = []
    var memories: [Memory] = []
    var rungs: [Rung] = []
    var model = WarpModel()
    /// How much of what was expected came true.
    var belief: SourceTrust
    /// What the next looks are to try, one each.
    var trials: [SourceTrial] = []
    /// Whether what arrives next begins a scene: what was before is no measure of it.
    var isSceneBeginning = false
    private var latestOrder: Duration?
    /// Since when nothing is on its way.
    private var idleSince: Duration?

    /// So many sources may wait to be acknowledged.
    private static let largestBacklog = 3

    /// Starts without sources.
    public init(_ kind: Kind, _ configuration: Configuration = Configuration()) {
        self.kind = kind
        self.configuration = configuration
        belief = SourceTrust(
            prior: configuration.trustPrior, halfLife: configuration.trustHalfLife)
    }

    /// What the next look should try (``SourceLook/trial``); nothing where nothing is new in use.
    public var trial: SourceTrial? { trials.first }

    /// What of an expected gain is counted on, by what the latest sources brought: 0…1.
    public func trust(at time: Duration) -> Double { belief.share(at: time) }

    /// Whether it chooses by what is measured.
    public var isAdaptive: Bool { kind == .adaptive }

    /// The pictures that may still be asked for.
    public var remembered: Set<PictureNumber> {
        Set(memories.map(\.look.picture) + known.compactMap(\.picture))
    }

    /// Takes in a source that goes out: those of the call's start, and what was ordered.
    public mutating func insert(_ source: ChosenSource) {
        known.append(source)
        // The first full source takes the place of the coarse one.
        let coarse = known.filter(\.isCoarse).map(\.identifier)
        if source.picture != nil, !source.isCoarse { planned.removeAll { coarse.contains($0) } }
        planned.append(source.identifier)
        guard !source.isCoarse, let rung = rungs.first(where: { $0.quantizer == source.quantizer })
        else { return }
        // Pictures differ: what was expected moves halfway to what came.
        let size = (Double(source.size.bytes) / max(1, rung.size)).squareRoot()
        let loss = (source.loss / max(0.001, rung.loss)).squareRoot()
        for index in rungs.indices {
            rungs[index].size *= size
            rungs[index].loss *= loss
        }
    }

    /// Takes in what a quantiser costs and gives.
    public mutating func calibrate(_ quantizer: Int, size: DataSize, loss: Double) {
        rungs.removeAll { $0.quantizer == quantizer }
        rungs.append(Rung(quantizer: quantizer, size: Double(size.bytes), loss: loss))
    }

    /// Takes what the quantisers between those that were tried cost and give for what lies between them: logarithms
    /// of both grow nearly evenly.
    public mutating func calibrateBetween() {
        let tried = rungs.filter { configuration.triedQuantizers.contains($0.quantizer) }
            .sorted { $0.quantizer < $1.quantizer }
        for quantizer in configuration.quantizers {
            guard let finer = tried.last(where: { $0.quantizer < quantizer }),
                let coarser = tried.first(where: { $0.quantizer > quantizer })
            else { continue }
            guard !tried.contains(where: { $0.quantizer == quantizer }) else { continue }
            rungs.removeAll { $0.quantizer == quantizer }
            let share =
                Double(quantizer - finer.quantizer) / Double(coarser.quantizer - finer.quantizer)
            rungs.append(
                Rung(
                    quantizer: quantizer,
                    size: Halving.between(finer.size, coarser.size, share),
                    loss: Halving.between(
                        max(0.001, finer.loss), max(0.001, coarser.loss), share)))
        }
    }

    /// Takes in the set that pictures are rebuilt from from now on.
    public mutating func acknowledge(_ set: [SourceIdentifier]) {
        ask(set)
        current = set
        let newest = set.max() ?? SourceIdentifier(0)
        known.removeAll { !set.contains($0.identifier) && $0.identifier < newest }
        planned.removeAll { name in !known.contains { $0.identifier == name } }
    }

    /// Takes in a look.
    ///
    /// - Returns: the source that pays most now; nothing where none pays, or one is still on its way.
    public mutating func take(_ look: SourceLook) -> SourceOrder? {
        let before = memories.last?.look
        learn(look)
        remember(look)
        if let order = orderOfNewScene(look, after: before) { return order }
        guard !current.isEmpty, look.underWay <= look.rate.size(over: configuration.overlap) else {
            idleSince = nil
            return nil
        }
        // Where nothing is acknowledged, more sources do not help.
        let waiting = known.count { !current.contains($0.identifier) }
        guard waiting < Self.largestBacklog else { return nil }
        let since = idleSince ?? look.time
        idleSince = since
        let order: SourceOrder? =
            switch kind {
            case .first: nil
            case .interval(let interval): orderByTime(look, interval)
            case .adaptive: bestOrder(look, idle: look.time - since)
            }
        guard let order else { return nil }
        latestOrder = look.time
        idleSince = nil
        planned.removeAll { order.replaced.contains($0) }
        return order
    }

    /// The picture itself, and nothing of what was before, where the camera shows something else all at
    /// once.
    private mutating func orderOfNewScene(
        _ look: SourceLook, after before: SourceLook?
    ) -> SourceOrder? {
        guard isAdaptive, look.rate.bitsPerSecond > 0, let distance = look.distance,
            let earlier = before?.distance, distance >= configuration.sceneDistance,
            distance - earlier >= configuration.sceneJump
        else { return nil }
        memories.removeFirst(memories.count - 1)
        latestOrder = look.time
        idleSince = nil
        isSceneBeginning = true
        trials = []
        belief = SourceTrust(
            prior: configuration.trustPrior, halfLife: configuration.trustHalfLife)
        let fitting = rungs.sorted { $0.quantizer < $1.quantizer }.first {
            let size = DataSize(bytes: Int($0.size))
            return look.rate.duration(of: size) <= configuration.scenePatience
        }
        let coarse = Rung(quantizer: 50, size: 550, loss: configuration.unknownLoss)
        let rung = fitting ?? coarse
        defer { planned = [] }
        return SourceOrder(
            picture: look.picture, quantizer: rung.quantizer,
            side: fitting == nil ? configuration.coarseSide : nil, replaced: planned.sorted(),
            reason: .newScene, gain: distance - WarpModel.lossShare * rung.loss,
            size: DataSize(bytes: Int(rung.size)))
    }

    private mutating func remember(_ look: SourceLook) {
        let expected = expectedDistance(look.keypoints, current)
        memories.append(Memory(look: look, set: current, expected: expected))
        if memories.count > configuration.capacity { memories.removeFirst() }
        guard kind == .adaptive else { return }
        model.fit(
            memories.compactMap { memory in
                guard let distance = memory.look.distance,
                    let source = nearest(memory.look.keypoints, memory.set)
                else { return nil }
                return (
                    source.spread, distance - WarpModel.lossShare * source.loss,
                    weight(memory, at: look.time)
                )
            })
    }

    private func orderByTime(_ look: SourceLook, _ interval: Duration) -> SourceOrder? {
        guard look.time - (latestOrder ?? .zero) >= interval else { return nil }
        let isFull = planned.count >= configuration.largestCount
        return SourceOrder(
            picture: look.picture, quantizer: configuration.planQuantizer,
            replaced: isFull ? Array(planned.sorted().prefix(1)) : [], reason: .interval, gain: 0,
            size: .zero)
    }
}
