import Media
import VideoCoding

/// Sums up what backends of the codec cost.
final class CostMeter {
    private(set) var total = Duration.zero

    func measure<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = ProcessorClock.now
        defer { total += ProcessorClock.now - start }
        return try body()
    }
}

/// A keypoint detector whose cost is counted.
final class MeteredDetector: KeypointDetector {
    private let detector: any KeypointDetector
    private let meter: CostMeter
    var keypointCount: Int { detector.keypointCount }

    init(_ detector: any KeypointDetector, _ meter: CostMeter) {
        self.detector = detector
        self.meter = meter
    }

    func detect(in picture: VideoFrame) throws(CodecError) -> Keypoints {
        try meter.measure { () throws(CodecError) in try detector.detect(in: picture) }
    }
}

/// A generator whose cost is counted.
final class MeteredGenerator: PictureGenerator {
    private let generator: any PictureGenerator
    private let meter: CostMeter
    var largestSourceCount: Int { generator.largestSourceCount }
    var sources: [SourceIdentifier] { generator.sources }

    init(_ generator: any PictureGenerator, _ meter: CostMeter) {
        self.generator = generator
        self.meter = meter
    }

    func insert(
        _ picture: VideoFrame, keypoints: Keypoints, as identifier: SourceIdentifier
    ) throws(CodecError) {
        try meter.measure { () throws(CodecError) in
            try generator.insert(picture, keypoints: keypoints, as: identifier)
        }
    }

    func remove(_ identifier: SourceIdentifier) { generator.remove(identifier) }

    func generate(_ keypoints: Keypoints, time: MediaTime) throws(CodecError) -> VideoFrame {
        try meter.measure { () throws(CodecError) in
            try generator.generate(keypoints, time: time)
        }
    }
}

/// A still encoder whose cost is counted.
final class MeteredStillEncoder: StillImageEncoder {
    private let encoder: any StillImageEncoder
    private let meter: CostMeter

    init(_ encoder: any StillImageEncoder, _ meter: CostMeter) {
        self.encoder = encoder
        self.meter = meter
    }

    func encode(_ frame: VideoFrame, quantizer: Int) throws(CodecError) -> [UInt8] {
        try meter.measure { () throws(CodecError) in
            try encoder.encode(frame, quantizer: quantizer)
        }
    }

    func encode(
        _ frame: VideoFrame, from base: VideoFrame, quantizer: Int
    ) throws(CodecError) -> [UInt8]? {
        try meter.measure { () throws(CodecError) in
            try encoder.encode(frame, from: base, quantizer: quantizer)
        }
    }
}

/// A still decoder whose cost is counted.
final class MeteredStillDecoder: StillImageDecoder {
    private let decoder: any StillImageDecoder
    private let meter: CostMeter

    init(_ decoder: any StillImageDecoder, _ meter: CostMeter) {
        self.decoder = decoder
        self.meter = meter
    }

    func decode(_ bytes: [UInt8], largest: PictureSize) throws(CodecError) -> VideoFrame {
        try meter.measure { () throws(CodecError) in
            try decoder.decode(bytes, largest: largest)
        }
    }

    func decode(_ bytes: [UInt8], from base: VideoFrame) throws(CodecError) -> VideoFrame {
        try meter.measure { () throws(CodecError) in try decoder.decode(bytes, from: base) }
    }
}
