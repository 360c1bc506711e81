import Media
import WireFormat

/// All sources and sets that a receiver holds, within bounds.
struct IncomingSources: Sendable {
    /// Sources of earlier calls.
    private(set) var cache: SourceCache
    private var assemblies: [SourceIdentifier: SourceAssembly] = [:]
    private var sets: [(set: SourceSet, isTold: Bool)] = []
    /// Bytes that came before their offer, which may be late or lost.
    private var early: [SourceDataFrame] = []
    /// How many statements about a source are still due: each may be lost.
    private var dueStatements: [SourceIdentifier: Int] = [:]

    /// So many of them are kept.
    private static let largestEarlyCount = 32

    /// How often the state of a source is told after it has changed for the last time.
    private static let statementCount = 3

    init(cache: SourceCache) { self.cache = cache }

    /// Whether any source is on its way.
    var isGathering: Bool { assemblies.values.contains { !$0.isComplete } }

    /// Takes in an offer; the source where its bytes are here already, from before.
    ///
    /// - Returns: false where it contradicts an earlier one or is one too many.
    mutating func insert(_ offer: SourceOfferFrame) -> (isTaken: Bool, source: CodedSource?) {
        if let assembly = assemblies[offer.source] {
            guard assembly.agrees(with: offer) else { return (false, nil) }
            dueStatements[offer.source] = Self.statementCount
            return (true, nil)
        }
        guard assemblies.count < WireConstants.largestSourceCount else { return (false, nil) }
        var assembly = cache.assembly(for: offer) ?? SourceAssembly(offer)
        for frame in early where frame.source == offer.source { _ = assembly.insert(frame) }
        early.removeAll { $0.source == offer.source }
        assemblies[offer.source] = assembly
        dueStatements[offer.source] = Self.statementCount
        guard assembly.isComplete else { return (true, nil) }
        return (true, CodedSource(identifier: offer.source, payload: assembly.bytes))
    }

    /// Takes in bytes; nothing where no offer of this source is known: a few of them wait for it.
    mutating func insert(
        _ frame: SourceDataFrame
    ) -> (outcome: SourceAssembly.Outcome, source: CodedSource?)? {
        guard let outcome = assemblies[frame.source]?.insert(frame) else {
            early.append(frame)
            if early.count > Self.largestEarlyCount { early.removeFirst() }
            return nil
        }
        dueStatements[frame.source] = Self.statementCount
        guard outcome == .complete, let assembly = assemblies[frame.source] else {
            return (outcome, nil)
        }
        return (outcome, CodedSource(identifier: frame.source, payload: assembly.bytes))
    }

    /// Takes in a set; false where it contradicts one of the same number.
    mutating func insert(_ set: SourceSet) -> Bool {
        if let known = sets.first(where: { $0.set.number == set.number }), known.set != set {
            // A number comes again only when the sets in between are past.
            guard sets.last?.set.number != set.number else { return false }
            sets.removeAll { $0.set.number == set.number }
        } else if sets.contains(where: { $0.set == set }) {
            return true
        }
        sets.append((set, false))
        if sets.count > WireConstants.largestSetCount { sets.removeFirst() }
        return true
    }

    /// Forgets a source; what has arrived of it stays in the cache.
    ///
    /// - Returns: whether it was known.
    mutating func remove(_ source: SourceIdentifier) -> Bool {
        guard let assembly = assemblies.removeValue(forKey: source) else { return false }
        cache.insert(assembly)
        sets.removeAll { $0.set.sources.contains(source) }
        dueStatements[source] = nil
        return true
    }

    /// Puts everything into the cache.
    mutating func removeAll() {
        for (_, assembly) in assemblies.sorted(by: { $0.key < $1.key }) { cache.insert(assembly) }
        assemblies = [:]
        early = []
        sets = []
        dueStatements = [:]
    }

    /// The sets whose sources are all here, each once.
    mutating func takeCompleteSets() -> [SourceSet] {
        var complete: [SourceSet] = []
        for index in sets.indices where !sets[index].isTold {
            guard sets[index].set.sources.allSatisfy({ assemblies[$0]?.isComplete == true })
            else { continue }
            sets[index].isTold = true
            complete.append(sets[index].set)
        }
        return complete
    }

    /// What to tell the sender: the state of the sources that changed, or are not whole.
    func statements(largestCount: Int) -> [SourceStatusFrame] {
        dueStatements.keys.sorted().prefix(largestCount).compactMap { source in
            guard let assembly = assemblies[source] else { return nil }
            return SourceStatusFrame(
                source: source,
                held: Array(assembly.held.ranges.prefix(WireConstants.largestHeldRangeCount)))
        }
    }

    /// Takes in that the sender was told this.
    mutating func told(_ statements: [SourceStatusFrame]) {
        for source in statements.map(\.source) {
            guard let assembly = assemblies[source], let count = dueStatements[source] else {
                continue
            }
            let left = count - 1
            dueStatements[source] = left > 0 || !assembly.isComplete ? max(left, 1) : nil
        }
    }
}
