import Media
import Pipeline
import TestSupport

/// A clip of a moving spot.
final class SpotClip: PictureSource {
    let isLive = false
    var expectedCount: Int? { count }
    private let count: Int
    private var number = 0

    init(pictures count: Int) { self.count = count }

    func next() throws -> VideoFrame? {
        guard number < count else { return nil }
        defer { number += 1 }
        return try present(SyntheticPictures.spot(number))
    }
}
