import Pipeline

/// What `pantograph-measure loopback` writes as JSON.
struct LoopbackReport: Codable {
    /// The input, as named.
    var input: String
    /// The link's seed.
    var linkSeed: UInt64
    /// Pictures that were sent, rebuilt from their own keypoints, and held.
    var sentPictures, generatedPictures, lostPictures: Int
    /// The most held pictures in a row.
    var longestLoss: Int
    /// Seconds of video.
    var seconds: Double
    /// Sender to receiver, IPv4 and UDP headers counted.
    var wireKilobitsPerSecond, wireKilobitsPerSecondAfterFirstSecond: Double
    /// Coded keypoints and coded sources alone.
    var keypointKilobitsPerSecond: Double
    /// Bytes of all sources.
    var sourceBytes: Int
    /// Datagrams from sender to receiver, and those of them that the link lost.
    var datagrams, lostDatagrams: Int
    /// Shown pictures against originals.
    var quality: QualitySummary?
    /// The first source, unchanged, against originals: what warping has to beat.
    var copiedSource: QualitySummary?
    /// Milliseconds for each stage.
    var stages: [String: StageSummary]
    /// Each measured picture.
    var pictures: [PictureQuality]
}
