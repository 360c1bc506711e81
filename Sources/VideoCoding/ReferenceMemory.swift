import KeypointCoding
import Media

/// What a sender can predict keypoints from: sources and the last pictures, as the receiver decodes
/// them, and which of them it has acknowledged.
struct ReferenceMemory {
    /// What is predicted from.
    struct Reference {
        let name: KeypointReference
        let kind: ReferenceKind
        let state: KeypointState
    }

    private struct Entry {
        let state: KeypointState
        /// In units of the metric.
        let components: [Double]
        var isAcknowledged = false
    }

    /// How many pictures before a unit's first its reference may lie (`Protocol/keypoints.md`,
    /// section 1).
    static let reach = 64

    /// The newest set that the receiver has acknowledged.
    private(set) var sourceSet = SourceSetNumber.zero

    private let encoder: KeypointEncoder
    private var sources: [(name: SourceIdentifier, entry: Entry)] = []
    private var pictures: [PictureNumber: Entry] = [:]
    private var sets: Set<SourceSetNumber> = []
    private var hasSourceSet = false

    init(_ encoder: KeypointEncoder) { self.encoder = encoder }

    var hasSources: Bool { !sources.isEmpty }

    mutating func insert(_ state: KeypointState, of source: SourceIdentifier) throws(CodecError) {
        let entry = try entry(state)
        remove(source)
        sources.append((source, entry))
    }

    mutating func remove(_ source: SourceIdentifier) { sources.removeAll { $0.name == source } }

    mutating func acknowledge(_ source: SourceIdentifier) {
        for index in sources.indices where sources[index].name == source {
            sources[index].entry.isAcknowledged = true
        }
    }

    mutating func insert(_ set: SourceSet) { sets.insert(set.number) }

    /// Whether the receiver has acknowledged a set, or one that came after it: two that arrive together are
    /// acknowledged together, and then only the newer one is ever the present one.
    func hasReached(_ set: SourceSetNumber) -> Bool {
        hasSourceSet && !set.isNewer(than: sourceSet)
    }

    mutating func acknowledge(_ set: SourceSetNumber) {
        guard sets.contains(set), !hasSourceSet || set.isNewer(than: sourceSet) else { return }
        sourceSet = set
        hasSourceSet = true
        // Numbers come again after 256 sets.
        sets = sets.filter { $0 == set || $0.isNewer(than: set) }
    }

    /// Keeps the states of consecutive pictures as decoded, and forgets those that lie too far back.
    mutating func insert(
        _ states: [KeypointState], from first: PictureNumber
    ) throws(CodecError) {
        for (index, state) in states.enumerated() {
            guard let number = first.advanced(by: index) else { continue }
            pictures[number] = try entry(state)
        }
        pictures = pictures.filter { first.distance(from: $0.key) < Self.reach }
    }

    /// A picture's state as the receiver decodes it, where it is kept.
    func state(of picture: PictureNumber) -> KeypointState? { pictures[picture]?.state }

    mutating func acknowledgePictures(from first: PictureNumber, count: Int) {
        for index in 0..<max(0, min(count, KeypointTables.largestPictureCount)) {
            guard let number = first.advanced(by: index) else { continue }
            pictures[number]?.isAcknowledged = true
        }
    }

    /// Of all that is acknowledged, what is nearest to the mean of pictures from `first` on; the
    /// first source while nothing is.
    func nearest(
        to states: [KeypointState], from first: PictureNumber
    ) throws(CodecError) -> Reference? {
        var mean = [Double](repeating: 0, count: encoder.tables.keypointCount * 3)
        for state in states {
            for (index, value) in try components(state).enumerated() {
                mean[index] += value / Double(states.count)
            }
        }
        var best: (distance: Double, reference: Reference)?
        func consider(_ entry: Entry, _ name: KeypointReference, _ kind: ReferenceKind) {
            var distance = 0.0
            for (a, b) in zip(entry.components, mean) { distance += (a - b) * (a - b) }
            // Of equally near ones the one that comes first, whatever the order of a dictionary.
            if distance < best?.distance ?? .infinity {
                best = (distance, Reference(name: name, kind: kind, state: entry.state))
            }
        }
        for (number, entry) in pictures.sorted(by: { $0.key > $1.key }) where entry.isAcknowledged {
            let distance = first.distance(from: number)
            guard (1...Self.reach).contains(distance) else { continue }
            consider(entry, .picture(number), .picture(distance: distance))
        }
        for (name, entry) in sources where entry.isAcknowledged {
            consider(entry, .source(name), .source)
        }
        return best?.reference
            ?? sources.first.map {
                Reference(name: .source($0.name), kind: .source, state: $0.entry.state)
            }
    }

    private func entry(_ state: KeypointState) throws(CodecError) -> Entry {
        Entry(state: state, components: try components(state))
    }

    private func components(_ state: KeypointState) throws(CodecError) -> [Double] {
        do {
            return try encoder.components(of: state)
        } catch {
            throw CodecError(error)
        }
    }
}
