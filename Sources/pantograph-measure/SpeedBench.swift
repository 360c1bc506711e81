import Glibc
import Inference
import KeypointCoding
import Media
import NeuralVideo
import Pipeline
import VideoCoding
import VP8

/// Runs the parts of the codec many times, on pictures of the rendered head.
struct SpeedBench {
    /// Something that is timed.
    struct Part {
        let name: String
        let run: () throws -> Void
    }

    /// How long the runs of a part took, in milliseconds.
    struct Times {
        /// By the clock.
        var elapsed: [Double] = []
        /// Of all processors together: what it costs, however busy the machine is.
        var processor: [Double] = []
    }

    /// Runs in a row of one part before the next has its turn.
    private static let turn = 5

    let engine: Engine
    let files: ModelFiles
    /// ONNX files of other networks.
    let peers: [String]
    let runs: Int

    /// The decode of a VP8 key frame at quantiser 30.
    func vp8Decode() throws -> [Part] {
        guard let picture = HeadSource(seed: nil).next() else { return [] }
        let bytes = try VP8StillEncoder().encode(picture, quantizer: 30)
        let decoder = VP8StillDecoder()
        return [
            Part(name: "VP8 key frame decode") {
                _ = try decoder.decode(bytes, largest: picture.size)
            }
        ]
    }

    /// The keypoints of 300 pictures of the rendered head, coded and decoded in units of three.
    func keypoints() throws -> [Part] {
        let detector = try NeuralKeypointDetector(files, engine: engine)
        let head = HeadSource(seed: nil)
        let states = try (0..<60).compactMap { _ in head.next() }.map {
            KeypointState(try detector.detect(in: $0))
        }
        let encoder = try KeypointEncoder(files.keypointTables)
        let decoder = KeypointDecoder(files.keypointTables)
        let kind = ReferenceKind.picture(distance: 4)
        let units = try stride(from: 3, to: states.count - 2, by: 3).map { first in
            let reference = states[first - 3]
            let pictures = Array(states[first..<(first + 3)])
            let coded = try encoder.encode(
                pictures, step: .standard, reference: reference, kind: kind)
            return (reference: reference, pictures: pictures, payload: coded.payload)
        }
        guard !units.isEmpty else { return [] }
        return [
            Part(name: "300 pictures coded") {
                for index in 0..<100 {
                    let unit = units[index % units.count]
                    _ = try encoder.encode(
                        unit.pictures, step: .standard, reference: unit.reference, kind: kind)
                }
            },
            Part(name: "300 pictures decoded") {
                for index in 0..<100 {
                    let unit = units[index % units.count]
                    _ = try decoder.decode(
                        unit.payload, pictureCount: 3, reference: unit.reference, kind: kind)
                }
            },
        ]
    }

    /// Each part of the network, and the peers.
    func network(_ options: Model.Options) throws -> [Part] {
        let others = try peers.map { path in
            let peer = try PeerNetwork(path, engine: engine, options: options)
            let name = path.split(separator: "/").last.map(String.init) ?? path
            return Part(name: "peer \(name)") { try peer.run() }
        }
        let head = HeadSource(seed: nil)
        let pictures = (0..<60).compactMap { _ in head.next() }
        let detector = try NeuralKeypointDetector(files, engine: engine, options: options)
        let driving = try pictures.map { try detector.detect(in: $0) }
        var index = 0
        func next() -> Int {
            index = (index + 1) % pictures.count
            return index
        }
        func generator(sources: Int) throws -> NeuralPictureGenerator {
            let generator = try NeuralPictureGenerator(files, engine: engine, options: options)
            for source in 0..<sources {
                try generator.insert(
                    pictures[source * 25], keypoints: driving[source * 25],
                    as: SourceIdentifier(UInt16(source)))
            }
            return generator
        }
        let encoding = try generator(sources: 1)
        var parts = [
            Part(name: "detector") { _ = try detector.detect(in: pictures[next()]) },
            Part(name: "source encoder") {
                try encoding.insert(pictures[0], keypoints: driving[0], as: SourceIdentifier(0))
            },
        ]
        for count in 1...3 {
            let generator = try generator(sources: count)
            parts.append(
                Part(name: "generator, \(count) source\(count == 1 ? "" : "s")") {
                    _ = try generator.generate(driving[next()], time: .zero)
                })
        }
        return parts + others
    }

    /// Times the parts in turns, so that all of them see the machine as busy as it is.
    func time(_ parts: [Part]) throws -> [Times] {
        let clock = ContinuousClock()
        // The first runs allocate.
        for part in parts { for _ in 0..<3 { try part.run() } }
        var times = [Times](repeating: Times(), count: parts.count)
        for start in stride(from: 0, to: runs, by: Self.turn) {
            for (index, part) in parts.enumerated() {
                for _ in start..<min(start + Self.turn, runs) {
                    let before = Self.processorMilliseconds()
                    let elapsed = try clock.measure { try part.run() }
                    times[index].processor.append(Self.processorMilliseconds() - before)
                    times[index].elapsed.append(elapsed.milliseconds)
                }
            }
        }
        return times
    }

    /// What this process has used of all processors.
    private static func processorMilliseconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }

    /// The value below which this share of the samples lies.
    static func quantile(_ samples: [Double], _ share: Double) -> Double {
        let sorted = samples.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }
}
