public import Media

/// A sink of pictures that has a place for sound.
///
/// Driven by the task that drives the pictures.
public protocol SoundSink: PictureSink {
    /// Makes ready for sound; to be called before the first picture and the first sound.
    ///
    /// - Throws: ``PresentationError/noSound(path:)`` or ``PresentationError/noSpeaker(reason:)``
    ///   where there is none to be had: the pictures can go on without.
    func startSound() throws(PresentationError)

    /// Plays or stores sound that follows what came before; does nothing without ``startSound()``.
    ///
    /// - Throws: ``PresentationError`` where it cannot be stored; the sink is of no more use then.
    func play(_ sound: AudioFrame) throws(PresentationError)
}
