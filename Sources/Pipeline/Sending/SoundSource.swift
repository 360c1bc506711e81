public import Media

/// Where a call's sound comes from.
public enum CallSound {
    /// A file: read in step with the pictures.
    case file(any SoundSource)
    /// A microphone: comes in its own time.
    case microphone(any LiveSoundSource)
}

/// Sound that waits until it is read, such as that of a video file.
public protocol SoundSource: AnyObject {
    /// The sound from where the last call ended up to a time, on the pictures' clock; nil at the end, and
    /// less than asked for right before it. To be called after the first picture was read.
    func sound(until time: MediaTime) throws -> AudioFrame?
}

/// Sound that comes in its own time and must not be waited for.
public protocol LiveSoundSource: AnyObject {
    /// The next piece of sound, once it is there; nil at the end. Its time is not looked at.
    func next() throws -> AudioFrame?
}
