import Media

/// What a source would bring.
extension SourcePolicy {
    /// A source that might be sent.
    struct Candidate {
        var picture: PictureNumber
        var keypoints: Keypoints
        /// The source that it would take the place of, as a finer copy of the same picture.
        var refined: ChosenSource?
        /// Whether it is rebuilt far worse than its pose lets expect.
        var isSurprising = false
        /// Pictures of little detail, blurred or dark ones, count less.
        var merit: Double
    }

    /// How far apart two poses are.
    func spread(_ pose: Keypoints, _ other: Keypoints) -> Double {
        pose.spread(
            to: other, shape: configuration.shapeWeight, opening: configuration.openingWeight)
    }

    /// The source of a set that the model expects most of.
    func nearest(
        _ keypoints: Keypoints, _ set: [SourceIdentifier]
    ) -> (spread: Double, loss: Double)? {
        known.filter { set.contains($0.identifier) }
            .map { (spread: spread(keypoints, $0.keypoints), loss: $0.loss) }
            .min { expected($0) < expected($1) }
    }

    private func expected(_ place: (spread: Double, loss: Double)) -> Double {
        model.distance(loss: place.loss, spread: place.spread)
    }

    /// The distance that the model expects of a set.
    func expectedDistance(_ keypoints: Keypoints, _ set: [SourceIdentifier]) -> Double {
        nearest(keypoints, set).map(expected) ?? 1
    }

    /// How much a look counts.
    func weight(_ memory: Memory, at now: Duration) -> Double {
        Halving.share(after: (now - memory.look.time).seconds / configuration.halfLife.seconds)
    }

    /// The source that pays most for its time, where one pays at all.
    ///
    /// - Parameter idle: since when nothing is on its way: the longer, the less a source has to bring,
    ///   since a better one that could come next has not come.
    func bestOrder(_ look: SourceLook, idle: Duration) -> SourceOrder? {
        guard look.rate.bitsPerSecond > 0 else { return nil }
        let looks = memories.map { memory in
            (
                keypoints: memory.look.keypoints, weight: weight(memory, at: look.time),
                now: distanceNow(memory)
            )
        }
        let total = looks.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        let trust = trust(at: look.time)
        let mean = looks.reduce(0) { $0 + $1.weight * $1.now } / total
        // A call that has just begun knows little yet of what it will have to show.
        let least =
            max(mean, configuration.usualDistance)
            * (configuration.doubtGain * (1 - trust)
                + max(
                    configuration.leastGain,
                    configuration.firstGain
                        * Halving.share(after: idle.seconds / configuration.gainHalfLife.seconds)))
        let isStart = known.allSatisfy {
            $0.isCoarse || $0.quantizer > configuration.coarsestAddition
        }
        // What each source in use is expected to give for each look.
        let fields = planned.map { source in
            looks.map { expectedDistance($0.keypoints, [source]) }
        }
        let weights = looks.map { $0.weight / total }
        var best: (value: Double, order: SourceOrder)?
        for candidate in candidates {
            let spreads = looks.map { spread($0.keypoints, candidate.keypoints) }
            let equals = equals(of: candidate)
            // The same picture once more brings nothing, whatever the model says; one that is rebuilt far
            // worse than its pose lets expect shows something else.
            let finest =
                candidate.isSurprising
                ? 64 : equals.filter { !$0.isCoarse }.map(\.quantizer).min() ?? 64
            // A coarse one makes the network go on to take blurred pixels.
            let outdone = Set(
                equals.map(\.identifier)
                    + known.filter { $0.isCoarse && planned.contains($0.identifier) }
                    .map(\.identifier))
            let isFull = planned.count - outdone.count >= configuration.largestCount
            let (evicted, penalty) =
                isFull ? eviction(fields, weights, beside: spreads) : ([], 0)
            for rung in rungs {
                guard rung.quantizer < finest else { continue }
                // Blurred pixels of the right pose spoil what sharper sources of others give.
                guard isStart || rung.quantizer <= configuration.coarsestAddition else { continue }
                var gain = 0.0
                for (other, spread) in zip(looks, spreads) {
                    let then = model.distance(loss: rung.loss, spread: spread)
                    gain += other.weight * max(0, other.now - then)
                }
                gain = gain / total * candidate.merit * trust - penalty
                guard gain >= least else { continue }
                let size = DataSize(bytes: Int(rung.size))
                let time = look.rate.duration(of: size + look.underWay)
                let value = gain / (time + configuration.patience).seconds
                guard value > best?.value ?? 0 else { continue }
                best = (
                    value,
                    SourceOrder(
                        picture: candidate.picture, quantizer: rung.quantizer,
                        replaced: outdone.union(evicted).sorted(),
                        reason: equals.isEmpty ? .newPose : .refinement, gain: gain, size: size)
                )
            }
        }
        return best?.order
    }

    /// The sources in use that show a candidate's pose.
    private func equals(of candidate: Candidate) -> [ChosenSource] {
        known.filter { source in
            planned.contains(source.identifier)
                && (source.identifier == candidate.refined?.identifier
                    || spread(source.keypoints, candidate.keypoints)
                        < configuration.equalSpread)
        }
    }

    /// What a look's picture would be at now, when all that is on its way has arrived.
    private func distanceNow(_ memory: Memory) -> Double {
        let expected = expectedDistance(memory.look.keypoints, planned)
        // What was measured with other sources altogether says nothing of these.
        guard let distance = memory.look.distance, memory.set.contains(where: planned.contains)
        else { return expected }
        // Only what has changed since is left to the model.
        return max(expected / 2, distance + expected - memory.expected)
    }

    /// Pictures that were looked at, and those of sources that could be finer.
    private var candidates: [Candidate] {
        let sharpest = memories.map(\.look.sharpness).max() ?? 0
        let inUse = known.filter { planned.contains($0.identifier) }
        let taken = Set(inUse.compactMap(\.picture))
        let new = memories.filter { !taken.contains($0.look.picture) }.map { memory in
            Candidate(
                picture: memory.look.picture, keypoints: memory.look.keypoints, refined: nil,
                isSurprising: distanceNow(memory)
                    > 2 * expectedDistance(memory.look.keypoints, planned) + 0.03,
                merit: sharpest > 0 ? (memory.look.sharpness / sharpest).squareRoot() : 1)
        }
        let finer = inUse.compactMap { source in
            source.picture.map {
                Candidate(
                    picture: $0, keypoints: source.keypoints, refined: source, merit: 1)
            }
        }
        return new + finer
    }

    /// The source that is missed least beside a new one of no loss, and by how much.
    ///
    /// - Parameters:
    ///   - fields: for each source in use the distances that it is expected to give.
    ///   - weights: how much each of these counts.
    ///   - spreads: how far the new one's pose is from each look.
    private func eviction(
        _ fields: [[Double]], _ weights: [Double], beside spreads: [Double]
    ) -> (evicted: [SourceIdentifier], penalty: Double) {
        var least: (source: SourceIdentifier, loss: Double)?
        for (index, source) in planned.enumerated() {
            var loss = 0.0
            for place in weights.indices {
                let own = model.distance(loss: 0, spread: spreads[place])
                let others = fields.indices.filter { $0 != index }.map { fields[$0][place] }
                let without = min(own, others.min() ?? 1)
                loss += weights[place] * max(0, without - fields[index][place])
            }
            if loss < least?.loss ?? .infinity { least = (source, loss) }
        }
        return (least.map { [$0.source] } ?? [], least?.loss ?? 0)
    }
}
