import Inference
import NeuralVideo
import Testing

/// The shipped networks give in Swift what they gave in Python.
@Suite("Golden values")
struct GoldenTests {
    let golden: Golden
    let files: ModelFiles
    let engine: Engine
    let exact = Model.Options(threads: 2, precision: .float32)

    init() throws {
        golden = try Golden.read()
        files = try ModelFiles.shipped()
        engine = try Engine()
    }

    private func picture(_ phase: Double) throws -> Tensor {
        try #require(Tensor(shape: [1, 256, 256, 3], elements: formulaPixels(phase: phase)))
    }

    private func keypoints(_ phase: Double) throws -> [String: Tensor] {
        let detection = try #require(golden.detector.first { $0.phase == phase })
        let count = detection.strengths.count
        return [
            "locations": try #require(
                Tensor(shape: [1, count, 2], elements: detection.locations.flatMap { $0 })),
            "strengths": try #require(Tensor(shape: [1, count], elements: detection.strengths)),
        ]
    }

    private func largestDifference(_ a: [Float], _ b: [Float]) throws -> Float {
        try #require(a.count == b.count)
        return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    private func every(_ stride: Int, of tensor: Tensor) -> [Float] {
        Swift.stride(from: 0, to: tensor.elements.count, by: stride).map { tensor.elements[$0] }
    }

    @Test func theValuesAreOfTheShippedWeights() throws {
        #expect(Set(golden.sha256.keys) == ["detector", "source_encoder", "generator"])
        for part in ModelFiles.Part.allCases {
            let name = String(part.rawValue.dropLast(".onnx".count))
            #expect(try sha256(ofFile: files.path(of: part)) == golden.sha256[name])
        }
    }

    @Test func theDetector() throws {
        let model = try engine.model(at: files.path(of: .detector), options: exact)
        for detection in golden.detector {
            let found = try model.run(["picture": try picture(detection.phase)])
            let locations = try #require(found["locations"]).elements
            let strengths = try #require(found["strengths"]).elements
            let expected = detection.locations.flatMap { $0 }
            #expect(try largestDifference(locations, expected) <= golden.tolerance.locations)
            let difference = try largestDifference(strengths, detection.strengths)
            #expect(difference <= golden.tolerance.strengths)
        }
    }

    @Test func theSourceEncoder() throws {
        let model = try engine.model(at: files.path(of: .sourceEncoder), options: exact)
        let wanted = golden.sourceEncoder
        let source = try keypoints(wanted.phase).merging(["picture": picture(wanted.phase)]) {
            a, _ in
            a
        }
        let found = try model.run(source)
        #expect(Set(found.keys) == Set(wanted.outputs.keys))
        for (name, output) in wanted.outputs {
            let tensor = try #require(found[name])
            #expect(tensor.shape == output.shape)
            let difference = try largestDifference(every(wanted.stride, of: tensor), output.values)
            #expect(difference <= golden.tolerance.encoder, "\(name)")
        }
    }

    @Test func theGenerator() throws {
        let encoder = try engine.model(at: files.path(of: .sourceEncoder), options: exact)
        let generator = try engine.model(at: files.path(of: .generator), options: exact)
        for wanted in golden.generator.cases {
            var sources = [String: Tensor]()
            for phase in wanted.sourcePhases {
                let source = try keypoints(phase).merging(["picture": picture(phase)]) { a, _ in a }
                for (name, one) in try encoder.run(source) {
                    let earlier = sources[name]
                    sources[name] = try #require(
                        Tensor(
                            shape: [(earlier?.shape[0] ?? 0) + 1] + one.shape.dropFirst(),
                            elements: (earlier?.elements ?? []) + one.elements))
                }
            }
            let inputs = sources.merging(try keypoints(wanted.drivingPhase)) { a, _ in a }
            let picture = try #require(try generator.run(inputs)["picture"])
            #expect(picture.shape == [1, 256, 256, 3])
            let difference = try largestDifference(
                every(golden.generator.stride, of: picture), wanted.values)
            #expect(difference <= golden.tolerance.picture)
        }
    }

    @Test func theTinyModel() throws {
        let model = try engine.model(at: Golden.folder + "/tiny.onnx", options: exact)
        for wanted in golden.tiny.cases {
            let sources = try #require(
                Tensor(shape: [wanted.sources.count, 3], elements: wanted.sources.flatMap { $0 }))
            let gain = try #require(Tensor(shape: [1, 3], elements: wanted.gain.flatMap { $0 }))
            let total = try #require(try model.run(["sources": sources, "gain": gain])["total"])
            let difference = try largestDifference(total.elements, wanted.total.flatMap { $0 })
            #expect(difference <= 1e-6)
        }
    }
}
