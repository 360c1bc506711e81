public import Capture
public import Media

/// Pictures of a file, a pipe or a camera.
public final class VideoSource: PictureSource, SoundSource {
    /// Cameras are live; files and pipes wait until they are read.
    public let isLive: Bool
    public let expectedCount: Int?
    private let reader: VideoReader

    /// Reads from an open input.
    public init(_ reader: VideoReader, isCamera: Bool) {
        self.reader = reader
        isLive = isCamera
        expectedCount = reader.pictureCountEstimate
    }

    /// Whether there is sound beside the pictures.
    public var hasSound: Bool { reader.hasSound }

    public func sound(until time: MediaTime) throws -> AudioFrame? {
        try reader.sound(until: time)
    }

    public func next() throws(CaptureError) -> VideoFrame? { try reader.next() }
}
