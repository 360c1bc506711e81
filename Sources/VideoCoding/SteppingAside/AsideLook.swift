public import Media

/// What a sender knows when it asks whether to go on warping: numbers only.
public struct AsideLook: Hashable, Sendable {
    /// When the picture was taken, since the first one.
    public var time: Duration
    /// How far what is, or would be, warped is from the camera's picture (``PictureDistance``); nothing where it
    /// was not rehearsed.
    public var warped: Double?
    /// The same for what the stream shows, or would show at the present rate.
    public var streamed: Double?
    /// What the call leaves for the stream.
    public var rate: Bitrate
    /// Whether the picture begins another scene, of which a source was ordered.
    public var isNewScene: Bool
    /// Whether bytes of sources are on their way.
    public var isSourceUnderWay: Bool

    /// Makes a look.
    public init(
        time: Duration, warped: Double?, streamed: Double?, rate: Bitrate, isNewScene: Bool,
        isSourceUnderWay: Bool
    ) {
        self.time = time
        self.warped = warped
        self.streamed = streamed
        self.rate = rate
        self.isNewScene = isNewScene
        self.isSourceUnderWay = isSourceUnderWay
    }
}
