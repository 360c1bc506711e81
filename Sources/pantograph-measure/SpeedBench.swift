import Inference
import Media
import NeuralVideo
import Pipeline
import VideoCoding
import VP8

/// Runs the parts of the codec many times, on pictures of the rendered head.
struct SpeedBench {
    let engine: Engine
    let files: ModelFiles
    let runs: Int

    /// Milliseconds of each decode of a VP8 key frame at quantiser 30.
    func vp8Decode() throws -> [Double] {
        guard let picture = HeadSource(seed: nil).next() else { return [] }
        let bytes = try VP8StillEncoder().encode(picture, quantizer: 30)
        let decoder = VP8StillDecoder()
        return try time { _ = try decoder.decode(bytes, largest: picture.size) }
    }

    /// Milliseconds of each run of each part of the network.
    func network(_ options: Model.Options) throws -> [(String, [Double])] {
        let head = HeadSource(seed: nil)
        let pictures = (0..<60).compactMap { _ in head.next() }
        let detector = try NeuralKeypointDetector(files, engine: engine, options: options)
        let generator = try NeuralPictureGenerator(files, engine: engine, options: options)
        let driving = try pictures.map { try detector.detect(in: $0) }
        var results: [(String, [Double])] = []
        var index = 0
        func next() -> Int {
            index = (index + 1) % pictures.count
            return index
        }
        results.append(("detector", try time { _ = try detector.detect(in: pictures[next()]) }))
        for count in 1...3 {
            let source = (count - 1) * 25
            let identifier = SourceIdentifier(UInt16(count))
            let insertion = {
                try generator.insert(
                    pictures[source], keypoints: driving[source], as: identifier)
            }
            if count == 1 {
                results.append(("source encoder", try time { try insertion() }))
            } else {
                try insertion()
            }
            let times = try time { _ = try generator.generate(driving[next()], time: .zero) }
            results.append(("generator, \(count) source\(count == 1 ? "" : "s")", times))
        }
        return results
    }

    private func time(_ work: () throws -> Void) throws -> [Double] {
        let clock = ContinuousClock()
        // The first runs allocate.
        for _ in 0..<3 { try work() }
        return try (0..<runs).map { _ in try clock.measure { try work() }.milliseconds }
    }

    /// The value below which this share of the samples lies.
    static func quantile(_ samples: [Double], _ share: Double) -> Double {
        let sorted = samples.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }
}
