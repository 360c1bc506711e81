public import VideoCoding

/// What a sender does where warping fails, and what it needs for it.
public struct FallbackChoice {
    /// What decides.
    public var aside: SteppingAside
    /// Codes the stream.
    let streamer: PictureStreamer
    /// Tries what the stream would give; nothing where there is to be none.
    let trial: StreamRehearsal?

    /// Puts a choice together.
    ///
    /// - Parameters:
    ///   - streamer: codes the stream; nobody else may use it.
    ///   - trial: with a streamer of its own.
    public init(_ aside: SteppingAside, streamer: PictureStreamer, trial: StreamRehearsal?) {
        self.aside = aside
        self.streamer = streamer
        self.trial = trial
    }
}
