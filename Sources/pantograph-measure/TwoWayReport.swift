import Media
import Pipeline

/// What `pantograph-measure two-way` writes of each end as a line of JSON.
struct TwoWayReport: Codable {
    /// The link's name and seed, and the clip's name.
    var link: String
    var seed: UInt64
    var clip: String
    /// Whether acknowledgements share datagrams with the other direction.
    var sharesDatagrams: Bool
    /// The promise, what was sent of it, and the most in two seconds, in thousands of bits a second, headers counted.
    var promised, rate, largestRate: Double
    /// What of it was acknowledgements and the like: in datagrams of their own, headers counted, and beside others.
    var feedbackAlone, feedbackBeside: Double
    /// Keypoints, voice, and sources.
    var keypoints, voice, sources: Double
    /// All datagrams, and those with nothing but acknowledgements.
    var datagrams, feedbackDatagrams: Int
    /// Of the pictures that were taken, the share that was there when it was due.
    var shown: Double
    /// Of the sound, what was not there when it was due; nothing where none was.
    var voiceConcealed: Double?
    /// Milliseconds from taking a picture until it is due, of those that were there.
    var delayMedian: Double?

    init(
        _ result: TwoWayResult, link: String, seed: UInt64, clip: String, promised: Bitrate,
        sharesDatagrams: Bool
    ) {
        func round3(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
        func rate(_ size: DataSize) -> Double {
            round3(Bitrate(size, over: result.time).kilobitsPerSecond)
        }
        self.link = link
        self.seed = seed
        self.clip = clip
        self.sharesDatagrams = sharesDatagrams
        self.promised = promised.kilobitsPerSecond
        self.rate = rate(result.wire)
        largestRate = round3(
            Bitrate(result.largestTwoSeconds, over: .seconds(2)).kilobitsPerSecond)
        feedbackAlone = rate(result.feedbackAlone)
        feedbackBeside = rate(result.feedbackBeside)
        keypoints = rate(result.keypoints)
        voice = rate(result.voice)
        sources = rate(result.sources)
        datagrams = result.datagrams
        feedbackDatagrams = result.feedbackDatagrams
        shown = round3(Double(result.shown) / Double(max(1, result.pictures)))
        voiceConcealed =
            result.voiceTicks == 0
            ? nil : round3(Double(result.lostVoiceTicks) / Double(result.voiceTicks))
        let delays = result.delays.sorted()
        delayMedian = delays.isEmpty ? nil : round3(delays[delays.count / 2].milliseconds)
    }
}
