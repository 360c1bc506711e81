import Media

/// Gives the pictures of a source: one after another from a file, the newest one from a camera.
final class PictureFeed {
    private enum Kind {
        case inOrder(any PictureSource)
        case newest(LivePictures)
    }

    private let kind: Kind

    init(_ source: any PictureSource) {
        if source.isLive {
            kind = .newest(LivePictures(source))
        } else {
            kind = .inOrder(source)
        }
    }

    /// The next picture, and how long reading took; nothing at the end.
    func next(_ clock: SystemClock) async throws -> (VideoFrame?, Duration) {
        switch kind {
        case .inOrder(let source): try clock.measure { try source.next() }
        case .newest(let live):
            // Waiting for a camera is not work.
            (try await live.next(), .zero)
        }
    }
}
