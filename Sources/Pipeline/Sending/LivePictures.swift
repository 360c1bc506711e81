import Foundation
import Media

/// Reads a live source on a thread of its own and keeps the newest picture only: a call shows what is
/// happening now, never a backlog.
final class LivePictures {
    private var iterator: AsyncThrowingStream<VideoFrame, any Error>.AsyncIterator

    /// Starts to read; the thread ends with the source, or when this object is gone.
    ///
    /// From here on nobody else may touch the source.
    init(_ source: any PictureSource) {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: VideoFrame.self, bufferingPolicy: .bufferingNewest(1))
        iterator = stream.makeAsyncIterator()
        // The thread is the only one that touches the source from here on.
        nonisolated(unsafe) let source = source
        let thread = Thread {
            do {
                while let picture = try unsafe source.next() {
                    if case .terminated = continuation.yield(picture) { return }
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        thread.name = "capture"
        thread.start()
    }

    /// The newest picture that was not taken yet, once there is one; nothing at the end.
    func next() async throws -> VideoFrame? { try await iterator.next() }
}
