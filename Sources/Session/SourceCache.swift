import WireFormat

/// Sources of earlier calls, whole or in part, by what they contain; the latest few.
///
/// A receiver hands it from one session to the next, so that what has arrived need not come again.
public struct SourceCache: Sendable {
    private var assemblies: [SourceAssembly] = []

    /// Nothing yet.
    public init() {}

    /// How many sources are kept.
    public var count: Int { assemblies.count }

    mutating func insert(_ assembly: SourceAssembly) {
        guard assembly.held.count > 0 else { return }
        assemblies.removeAll { $0.hash == assembly.hash }
        assemblies.append(assembly)
        if assemblies.count > WireConstants.largestSourceCount { assemblies.removeFirst() }
    }

    func assembly(for offer: SourceOfferFrame) -> SourceAssembly? {
        assemblies.first { $0.agrees(with: offer) }
    }
}
