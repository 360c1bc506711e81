import Foundation
import Media
import Pipeline

/// What one call of a replay came to.
struct SourceRow: Codable {
    var clip: String
    var policy: String
    /// Promised, in thousands of bits a second.
    var rate: Double
    /// The pictures that were measured.
    var pictures: [Int] = []
    var lpips: [Double] = []
    var psnr: [Double] = []
    /// How each of them came about: `generated`, `streamed`, `standing`, `still` (marked), `missing`, ….
    var origins: [String] = []
    /// When the sender began to show something else than it did, and why.
    var changes: [FallbackLine] = []
    /// Seconds of the call, and what went on the wire in each, in bytes: voice, keypoints, sources, stream,
    /// everything with headers.
    var moments: [[Double]] = []
    /// How often the sender looked, and how many sources it ordered beside the first.
    var looks = 0
    var orders = 0
    /// The most sources in use at once.
    var sources = 0
    /// Seconds from the first hello to the first picture, and from then to the end.
    var lead = 0.0
    var seconds = 0.0
    /// What went on the wire, in thousands of bits a second over both times.
    var wire = 0.0
    var voice = 0.0
    var keypoints = 0.0
    var sourceRate = 0.0
    var streamRate = 0.0
    /// The median time that a look took, in milliseconds.
    var lookMilliseconds: Double?
    /// The longest, which is a scene's first: it tries quantisers.
    var longestLookMilliseconds: Double?
    /// Pictures that were left out, or lost.
    var missing = 0

    init(clip: String, policy: String, rate: Double) {
        self.clip = clip
        self.policy = policy
        self.rate = rate
    }

    mutating func take(_ result: SimulationResult) {
        lead = result.timeToFirstSet.seconds
        seconds = result.mediaTime.seconds
        let time = result.timeToFirstSet + result.mediaTime
        func rate(_ size: DataSize) -> Double {
            (Bitrate(size, over: time).kilobitsPerSecond * 1000).rounded() / 1000
        }
        wire = rate(result.wire)
        voice = rate(result.voiceWire)
        keypoints = rate(result.keypointWire)
        sourceRate = rate(result.sourceWire)
        streamRate = rate(result.streamWire)
        moments = result.trace.moments.map { moment in
            [moment.time.seconds]
                + [
                    moment.voice, moment.keypoints, moment.sources, moment.stream, moment.wire,
                ].map { Double($0.bytes) }
        }
        lookMilliseconds = result.stages["look"]?.median
        longestLookMilliseconds = result.stages["look"]?.largest
        missing =
            result.sentPictures - result.generatedPictures - result.streamedPictures
            - result.standingPictures
    }
}
