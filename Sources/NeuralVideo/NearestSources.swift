import Media
import VideoCoding

/// Which sources a picture is rebuilt from: the few whose pose is nearest to its own.
///
/// The attention finds where each place comes from in every source, but hardly which source shows it best: of ten
/// sources at hand all together gave a worse picture than the nearest alone, at several times the
/// work (`Training/nearest.py` chooses in the same way).
struct NearestSources {
    /// So many are used.
    static let usedCount = 2

    /// The keypoints of each source, by its slot.
    private(set) var keypoints: [Keypoints] = []

    /// Notes a source's keypoints; a slot is the next one or has been used.
    mutating func store(_ keypoints: Keypoints, inSlot slot: Int) {
        if slot == self.keypoints.count {
            self.keypoints.append(keypoints)
        } else {
            self.keypoints[slot] = keypoints
        }
    }

    /// Forgets a slot; the last one fills the gap.
    mutating func remove(slot: Int) {
        let last = keypoints.removeLast()
        if slot < keypoints.count { keypoints[slot] = last }
    }

    /// The slots to use for a picture, the nearest first.
    func slots(for driving: Keypoints) -> [Int] {
        guard keypoints.count > 1 else { return Array(keypoints.indices) }
        let far = keypoints.map { source in
            let spread = source.spread(to: driving)
            return spread.isNaN ? .infinity : spread
        }
        // Slots decide between equals, so that the choice does not hang on how sorting is done.
        let order = keypoints.indices.sorted { (far[$0], $0) < (far[$1], $1) }
        return Array(order.prefix(Self.usedCount))
    }
}
