public import Media

/// What one end of a simulated call in which both send came to.
public struct TwoWayResult: Sendable {
    /// Everything that it sent, headers counted and as if sealed.
    public var wire = DataSize.zero
    /// The most of it over any two seconds, both ends counted.
    public var largestTwoSeconds = DataSize.zero
    /// Its datagrams.
    public var datagrams = 0
    /// What went along of acknowledgements and the like in datagrams of pictures, voice and sources.
    public var feedbackBeside = DataSize.zero
    /// What went of them alone, headers counted, and in how many datagrams.
    public var feedbackAlone = DataSize.zero
    public var feedbackDatagrams = 0
    /// Keypoints, voice and sources with the headers of their frames.
    public var keypoints = DataSize.zero, voice = DataSize.zero, sources = DataSize.zero
    /// Pictures that it took, and those of them whose keypoints were at the other end when they were due.
    public var pictures = 0, shown = 0
    /// Ticks of its voice that were due at the other end, and those of them that were not there.
    public var voiceTicks = 0, lostVoiceTicks = 0
    /// From taking a picture until its keypoints were due, for each that was there, in the order of time.
    public var delays: [Duration] = []
    /// From the first datagram on until the last picture.
    public var time = Duration.zero
    /// What the link was thought to carry in the end.
    public var target = Bitrate(bitsPerSecond: 0)

    init() {}

    /// What acknowledgements and the like took a second, headers counted where they went alone.
    public var feedbackRate: Bitrate {
        Bitrate(DataSize(bytes: feedbackBeside.bytes + feedbackAlone.bytes), over: time)
    }
}
