import Media
import Pipeline

/// The pictures of a clip forwards, backwards, forwards again, …: as long as wanted, and without a cut.
final class BackAndForth: PictureSource {
    let isLive = false
    var expectedCount: Int? { count }
    private let pictures: [VideoFrame]
    private let rate: PictureRate
    private let count: Int
    private var number = 0

    /// Clips that last longer are cut off: a minute at 25 pictures a second.
    private static let largestCount = 1500

    /// Reads the clip; throws what its source throws, and ``CallError/noPictures``.
    init(_ source: any PictureSource, count: Int?, rate: PictureRate) throws {
        var pictures: [VideoFrame] = []
        while pictures.count < Self.largestCount, let picture = try source.next() {
            pictures.append(picture)
        }
        guard !pictures.isEmpty else { throw CallError.noPictures }
        self.pictures = pictures
        self.rate = rate
        self.count = count ?? pictures.count
    }

    func next() throws -> VideoFrame? {
        guard number < count else { return nil }
        defer { number += 1 }
        let turn = max(1, 2 * pictures.count - 2)
        let place = number % turn
        var picture = pictures[place < pictures.count ? place : turn - place]
        picture.time = rate.time(ofPicture: number)
        return picture
    }
}
