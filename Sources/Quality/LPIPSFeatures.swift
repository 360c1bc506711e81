public import Inference
public import Media

/// LPIPS in two steps, for one picture that is compared to many: features of each picture once,
/// then distances, which cost next to nothing. Not for several threads at once.
public final class LPIPSFeatures {
    /// What AlexNet sees in a picture: as many numbers for all pictures of one size.
    public struct Features: Sendable {
        /// The squared differences of these of two pictures add up to their distance.
        fileprivate let values: [Float]
    }

    private let request: Request
    private var picture: TensorBuffer?
    private var size = (width: 0, height: 0)

    /// Loads the weights, as ``LPIPS/init(weights:engine:threads:)`` does.
    ///
    /// - Throws: what that throws.
    public init(weights path: String, engine: Engine, threads: Int = 1) throws(QualityError) {
        let graph = try LPIPSGraph.makeFeatures(try Safetensors(path: path))
        do throws(InferenceError) {
            let model = try engine.model(
                onnx: graph.serialized(), name: "LPIPS",
                options: Model.Options(threads: threads, precision: .float32))
            request = try model.makeRequest()
        } catch {
            throw .inference(error)
        }
    }

    /// The features of a picture of at least 32 pixels a side.
    ///
    /// - Throws: ``QualityError/tooSmall(width:height:smallestSide:)``,
    ///   ``QualityError/inference(_:)``.
    public func features(of image: RGBImage) throws(QualityError) -> Features {
        guard min(image.width, image.height) >= LPIPS.smallestSide else {
            throw .tooSmall(
                width: image.width, height: image.height, smallestSide: LPIPS.smallestSide)
        }
        do throws(InferenceError) {
            let buffer = try buffer(width: image.width, height: image.height)
            buffer.withMutableElements { elements in
                for index in image.pixels.indices { elements[index] = Float(image.pixels[index]) }
            }
            try request.run()
            var values = [Float]()
            for tap in LPIPSGraph.taps {
                try request.withOutput(tap) { shape, elements in
                    // The mean over places: each difference is divided by their number's root.
                    let factor = 1 / Float(max(1, shape.suffix(2).reduce(1, *))).squareRoot()
                    values.reserveCapacity(values.count + elements.count)
                    for index in elements.indices { values.append(factor * elements[index]) }
                }
            }
            return Features(values: values)
        } catch {
            throw .inference(error)
        }
    }

    /// The distance of two pictures: what ``LPIPS/distance(_:_:)`` gives.
    ///
    /// - Throws: ``QualityError/sizesDiffer``.
    public static func distance(_ a: Features, _ b: Features) throws(QualityError) -> Double {
        guard a.values.count == b.values.count else { throw .sizesDiffer }
        var sum = 0.0
        // In single precision over short runs, which is fast, then in double.
        let run = 4096
        for start in stride(from: 0, to: a.values.count, by: run) {
            var part: Float = 0
            for index in start..<min(start + run, a.values.count) {
                let difference = a.values[index] - b.values[index]
                part += difference * difference
            }
            sum += Double(part)
        }
        return sum
    }

    private func buffer(width: Int, height: Int) throws(InferenceError) -> TensorBuffer {
        if let picture, size == (width, height) { return picture }
        let buffer = try TensorBuffer(count: width * height * 3)
        try request.bind(buffer, shape: [1, height, width, 3], to: LPIPSGraph.input)
        picture = buffer
        size = (width, height)
        return buffer
    }
}
