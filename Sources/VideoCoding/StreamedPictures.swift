import Media

/// The latest pictures of the stream, each to be shown from its own time on.
struct StreamedPictures: Sendable {
    private var pictures: [(number: PictureNumber, frame: VideoFrame)] = []

    /// So many wait to be due: pictures come seldom, and a recording waits for half a second.
    private static let largestCount = 16

    /// Takes in a decoded picture.
    mutating func insert(_ frame: VideoFrame, _ number: PictureNumber) {
        pictures.append((number, frame))
        if pictures.count > Self.largestCount { pictures.removeFirst() }
    }

    /// The newest one that is due with a picture; those before it are forgotten.
    mutating func newest(
        at number: PictureNumber
    ) -> (number: PictureNumber, frame: VideoFrame)? {
        guard let index = pictures.lastIndex(where: { $0.number <= number }) else { return nil }
        pictures.removeFirst(index)
        return pictures.first
    }
}
