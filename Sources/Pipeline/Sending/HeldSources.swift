import Media
import VideoCoding
import WireFormat

/// A scene's sources as the receiver has them, for others to be predicted from.
struct HeldSources {
    private var sources: [SourceIdentifier: EncodedSource] = [:]

    /// Takes in a source that goes out.
    mutating func insert(_ source: EncodedSource) { sources[source.coded.identifier] = source }

    /// Forgets all but these.
    mutating func keep(_ identifiers: some Sequence<SourceIdentifier>) {
        let kept = Set(identifiers)
        sources = sources.filter { kept.contains($0.key) }
    }

    /// Forgets all: the camera shows something else.
    mutating func removeAll() { sources = [:] }

    /// Those of these that are there.
    func named(_ identifiers: [SourceIdentifier]) -> [EncodedSource] {
        identifiers.compactMap { sources[$0] }
    }

    /// What these are predicted from, and so must stay until they have arrived.
    func bases(of identifiers: Set<SourceIdentifier>) -> Set<SourceIdentifier> {
        Set(identifiers.compactMap { sources[$0]?.base })
    }
}
