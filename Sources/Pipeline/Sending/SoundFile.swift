public import Capture
public import Media

/// The sound of a file, apart from the pictures; its beginning is heard with the first picture.
public final class SoundFile: SoundSource {
    private let reader: SoundReader

    /// Reads from an open input.
    public init(_ reader: SoundReader) { self.reader = reader }

    public func sound(until time: MediaTime) throws -> AudioFrame? {
        try reader.sound(until: time)
    }
}

/// A microphone.
public final class Microphone: LiveSoundSource {
    private let reader: SoundReader

    /// Reads from an open input.
    public init(_ reader: SoundReader) { self.reader = reader }

    public func next() throws -> AudioFrame? { try reader.next() }
}
