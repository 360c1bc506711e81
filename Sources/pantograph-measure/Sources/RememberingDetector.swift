import Media
import VideoCoding

/// A detector that remembers what it found, for calls that show the same pictures again.
final class RememberingDetector: KeypointDetector {
    private let detector: any KeypointDetector
    private var found: [Int: Keypoints] = [:]
    var keypointCount: Int { detector.keypointCount }

    init(_ detector: any KeypointDetector) { self.detector = detector }

    func forget() { found = [:] }

    func detect(in picture: VideoFrame) throws(CodecError) -> Keypoints {
        var hasher = Hasher()
        hasher.combine(picture.y)
        hasher.combine(picture.u)
        let key = hasher.finalize()
        if let keypoints = found[key] { return keypoints }
        let keypoints = try detector.detect(in: picture)
        found[key] = keypoints
        return keypoints
    }
}

/// A generator that rebuilds only each n-th picture of a call; the others show the last one.
final class SparseGenerator: PictureGenerator {
    private let generator: any PictureGenerator
    private let every: Int
    private var latest: VideoFrame?
    var largestSourceCount: Int { generator.largestSourceCount }
    var sources: [SourceIdentifier] { generator.sources }

    init(_ generator: any PictureGenerator, every: Int) {
        self.generator = generator
        self.every = every
    }

    func insert(
        _ picture: VideoFrame, keypoints: Keypoints, as identifier: SourceIdentifier
    ) throws(CodecError) {
        try generator.insert(picture, keypoints: keypoints, as: identifier)
    }

    func remove(_ identifier: SourceIdentifier) { generator.remove(identifier) }

    func generate(_ keypoints: Keypoints, time: MediaTime) throws(CodecError) -> VideoFrame {
        let interval = PictureRate.standard.interval.wholeMicroseconds
        let number = Int((time.microseconds + interval / 2) / interval)
        if let latest, !number.isMultiple(of: every) { return latest }
        let picture = try generator.generate(keypoints, time: time)
        latest = picture
        return picture
    }
}
