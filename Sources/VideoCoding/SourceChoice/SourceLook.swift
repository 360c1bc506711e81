public import Media

/// What a sender sees when it looks at how its call is doing: numbers only.
public struct SourceLook: Hashable, Sendable {
    /// The picture that was looked at.
    public var picture: PictureNumber
    /// When it was taken, since the first picture.
    public var time: Duration
    /// Its keypoints as the receiver has them.
    public var keypoints: Keypoints
    /// How far what the receiver shows is from the camera's picture (``PictureDistance``); nothing where
    /// it was not rehearsed.
    public var distance: Double?
    /// The policy's ``SourcePolicy/trial`` with what was found; nothing where it was not tried.
    public var trial: SourceTrial?
    /// How much detail the camera's picture has (``PictureDistance/sharpness(of:)``).
    public var sharpness: Double
    /// What the call leaves for sources.
    public var rate: Bitrate
    /// What of sources has not arrived yet.
    public var underWay: DataSize

    /// Makes a look.
    public init(
        picture: PictureNumber, time: Duration, keypoints: Keypoints, distance: Double?,
        trial: SourceTrial? = nil, sharpness: Double, rate: Bitrate, underWay: DataSize
    ) {
        self.picture = picture
        self.time = time
        self.keypoints = keypoints
        self.distance = distance
        self.trial = trial
        self.sharpness = sharpness
        self.rate = rate
        self.underWay = underWay
    }
}
