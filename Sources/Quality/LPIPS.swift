public import Inference
public import Media

/// Learned perceptual distance of two pictures (LPIPS version 0.1 with AlexNet): 0 for equal ones.
///
/// Zhang, Isola, Efros, Shechtman, Wang, *The Unreasonable Effectiveness of Deep Features as a
/// Perceptual Metric*, CVPR 2018. Not for several threads at once.
public final class LPIPS {
    /// The smallest side for which AlexNet's last layers have any pixels.
    static let smallestSide = 32

    private let request: Request
    private var pictures: TensorBuffer?
    private var size = (width: 0, height: 0)

    /// Loads the weights (`alex.conv1.weight` … `alex.lin4`) from a safetensors file.
    ///
    /// - Throws: ``QualityError/unreadable(path:)``, ``QualityError/malformed(path:reason:)``,
    ///   ``QualityError/tensor(path:name:)``, ``QualityError/inference(_:)``.
    public init(weights path: String, engine: Engine, threads: Int = 1) throws(QualityError) {
        let graph = try LPIPSGraph.make(try Safetensors(path: path))
        do throws(InferenceError) {
            let model = try engine.model(
                onnx: graph.serialized(), name: "LPIPS",
                options: Model.Options(threads: threads, precision: .float32))
            request = try model.makeRequest()
        } catch {
            throw .inference(error)
        }
    }

    /// The distance of two pictures of one size, at least 32 pixels a side.
    ///
    /// A size other than the last call's costs some milliseconds more.
    /// - Throws: ``QualityError/sizesDiffer``,
    ///   ``QualityError/tooSmall(width:height:smallestSide:)``, ``QualityError/inference(_:)``.
    public func distance(_ a: RGBImage, _ b: RGBImage) throws(QualityError) -> Double {
        guard a.width == b.width, a.height == b.height else { throw .sizesDiffer }
        guard min(a.width, a.height) >= Self.smallestSide else {
            throw .tooSmall(width: a.width, height: a.height, smallestSide: Self.smallestSide)
        }
        do throws(InferenceError) {
            let buffer = try buffer(width: a.width, height: a.height)
            buffer.withMutableElements { elements in
                for index in a.pixels.indices { elements[index] = Float(a.pixels[index]) }
                for index in b.pixels.indices {
                    elements[a.pixels.count + index] = Float(b.pixels[index])
                }
            }
            try request.run()
            return try request.withOutput(LPIPSGraph.output) { _, elements in
                elements.isEmpty ? 0 : Double(elements[0])
            }
        } catch {
            throw .inference(error)
        }
    }

    private func buffer(width: Int, height: Int) throws(InferenceError) -> TensorBuffer {
        if let pictures, size == (width, height) { return pictures }
        let buffer = try TensorBuffer(count: 2 * width * height * 3)
        try request.bind(buffer, shape: [2, height, width, 3], to: LPIPSGraph.input)
        pictures = buffer
        size = (width, height)
        return buffer
    }
}
