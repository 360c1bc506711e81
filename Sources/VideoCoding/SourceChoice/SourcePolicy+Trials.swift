import Media

/// What sources brought, once they are in use.
extension SourcePolicy {
    /// Asks what a source brings that is new in use: of the pictures that it was to make better, but for those that
    /// were taken with it, the ones that count most.
    mutating func ask(_ set: [SourceIdentifier]) {
        let new = set.filter { !current.contains($0) }
        guard !new.isEmpty else { return }
        trials = []
        if isSceneBeginning, let latest = known.last?.identifier, new.contains(latest) {
            isSceneBeginning = false
            return
        }
        guard isAdaptive, !current.isEmpty, let now = memories.last?.look.time,
            let source = known.last(where: { new.contains($0.identifier) && !$0.isCoarse })
        else { return }
        let taken = memories.first { $0.look.picture == source.picture }?.look.time
        var found: [(worth: Double, trial: SourceTrial)] = []
        for memory in memories {
            if let taken, abs((memory.look.time - taken).seconds) < configuration.trialPause.seconds
            {
                continue
            }
            guard let distance = memory.look.distance else { continue }
            let before =
                distance + expectedDistance(memory.look.keypoints, current) - memory.expected
            let spread = spread(memory.look.keypoints, source.keypoints)
            let expected = model.distance(loss: source.loss, spread: spread)
            guard before - expected > configuration.leastTrialGain else { continue }
            let trial = SourceTrial(
                of: memory.look.picture, memory.look.keypoints, before: before, expected: expected)
            found.append((weight(memory, at: now) * (before - expected), trial))
        }
        trials = found.sorted { $0.worth > $1.worth }.prefix(configuration.trialLooks).map(\.trial)
    }

    /// Learns what the newest source brings, against what it was taken for.
    mutating func learn(_ look: SourceLook) {
        guard let trial = trials.first else { return }
        trials.removeFirst()
        guard let result = look.trial, result.picture == trial.picture, let found = result.found
        else { return }
        belief.take(
            expected: trial.before - trial.expected, found: trial.before - found, at: look.time)
        guard let place = memories.firstIndex(where: { $0.look.picture == trial.picture })
        else { return }
        memories[place].look.distance = found
        memories[place].set = current
        memories[place].expected = expectedDistance(trial.keypoints, current)
    }
}
