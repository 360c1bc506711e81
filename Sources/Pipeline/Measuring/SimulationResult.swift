public import Media
public import NetworkEmulation
public import VideoCoding

/// What happens in a simulated call, in order.
public enum SimulationStep: Sendable {
    /// A picture became a source.
    case source(VideoFrame)
    /// A picture was coded and sent.
    case sent(PictureNumber, VideoFrame)
    /// The sender looked at how its call is doing.
    case looked(SourceLine)
    /// The sender begins to show something else than it did.
    case steppedAside(FallbackLine)
    /// The receiver holds this source, as AV1 gives it back.
    case heldSource(VideoFrame)
    /// The receiver shows this picture.
    case shown(DecodedPicture)
}

/// What a simulated call came to.
public struct SimulationResult: Sendable {
    /// Pictures that were coded.
    public var sentPictures = 0
    /// Pictures that were rebuilt from their own keypoints.
    public var generatedPictures = 0
    /// Pictures that were made up from those around them.
    public var madeUpPictures = 0
    /// Pictures for which one of the stream stood, or that stood still, since warping them would have failed.
    public var streamedPictures = 0, standingPictures = 0
    /// The stream's pictures with the headers of their frames.
    public var streamWire = DataSize.zero
    /// Pictures whose keypoints were not there when they were due.
    public var lostPictures = 0
    /// The most of them in a row.
    public var longestLoss = 0
    /// Units of keypoints that could not be decoded.
    public var undecodableUnits = 0
    /// How long the pictures last.
    public var mediaTime = Duration.zero
    /// Datagrams from sender to receiver.
    public var datagrams = 0
    /// What the link did to them.
    public var link = LinkCounts()
    /// Their bytes with IPv4 and UDP headers.
    public var wire = DataSize.zero
    /// Datagrams of the handshake from sender to receiver, and their bytes on the wire, with headers; none without
    /// credentials. ``wire`` counts them, ``datagrams`` does not.
    public var handshakes = 0
    public var handshakeWire = DataSize.zero
    /// Those of them after the first second.
    public var wireAfterFirstSecond = DataSize.zero
    /// Bytes on the wire from receiver to sender, with IPv4 and UDP headers.
    public var returnWire = DataSize.zero
    /// Sources, sets and what belongs to them, as they travelled.
    public var sourceWire = DataSize.zero
    /// Keypoints with the headers of their frames.
    public var keypointWire = DataSize.zero
    /// The voice with the headers of its frames.
    public var voiceWire = DataSize.zero
    /// Pictures that were left out to keep the promised rate.
    public var droppedPictures = 0
    /// From the first hello until the receiver held the first set.
    public var timeToFirstSet = Duration.zero
    /// From the call's first datagram until the receiver held something to show, and until it showed a picture that
    /// was rebuilt; nothing where it never did.
    public var timeToFirstStill, timeToFirstPicture: Duration?
    /// Bytes of coded keypoints alone.
    public var keypointBytes = 0
    /// Bytes of coded sources alone, each counted once.
    public var sourceBytes = 0
    /// The most that went out over any two seconds, both ends counted, handshake included.
    public var largestTwoSeconds = DataSize.zero
    /// Ticks of sound that were played, and those of them that were not there.
    public var voiceTicks = 0, lostVoiceTicks = 0
    /// What happened when.
    public var trace = SimulationTrace()
    /// Why sources that arrived could not be used.
    public var rejectedSources: [CodecError] = []
    /// Milliseconds for each stage.
    public var stages: [String: StageSummary] = [:]

    init() {}
}
