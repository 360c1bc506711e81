import Pipeline

/// What `pantograph-measure call` writes as a line of JSON.
struct LinkCallReport: Codable {
    /// The link's name and seed, and the clip's name.
    var link: String
    var seed: UInt64
    var clip: String
    /// The promise, in thousands of bits a second.
    var promised: Double
    /// Seconds of pictures.
    var seconds: Double
    /// On the wire, handshake and headers counted, in thousands of bits a second: the mean, the most in two
    /// seconds, what came back, and the mean of what the link was thought to carry.
    var rate, largestRate, returnRate, target: Double
    /// Of the pictures that were taken: rebuilt from their own keypoints when they were due; made up from those
    /// around them; with the stream's newest picture in their place; none of these.
    var shown, madeUp, streamed, held: Double
    /// The sender's looks at how its call is doing, the sources that they added, and how often something else than
    /// warped pictures began to be shown.
    var looks, laterSources, stepsAside: Int
    /// Seconds without a picture of its own keypoints or a new one of the stream, at most.
    var longestFreeze: Double
    /// How much longer than the loss that caused it a freeze lasted, at most, in seconds.
    var freezeBeyondLoss: Double
    /// Milliseconds from taking a picture to showing it.
    var delayMedian, delay95: Double?
    /// Seconds from the first datagram until there was something to see, and until the first rebuilt picture was shown.
    var firstStill, firstPicture: Double?
    /// Of the sound, what was not there when it was due; nothing without sound.
    var voiceConcealed: Double?
    /// Datagrams, and those that the link lost or dropped.
    var datagrams, lostDatagrams: Int
    /// LPIPS over all pictures from the first shown one on; and with the source shown unchanged.
    var lpips, copied: Double?
}
