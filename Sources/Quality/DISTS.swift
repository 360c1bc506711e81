public import Inference
public import Media

/// Deep image structure and texture similarity (DISTS) as a distance: 0 for equal pictures.
///
/// Ding, Ma, Wang, Simoncelli, *Image Quality Assessment: Unifying Structure and Texture
/// Similarity*, TPAMI 2020: means and structures of VGG-16's features, pooled by their squares. Its
/// weights are not part of this project. Not for several threads at once; some 80 GFLOP for each
/// pair of 256×256.
public final class DISTS {
    private static let smallestSide = 32

    private let request: Request
    private var pictures: TensorBuffer?
    private var size = (width: 0, height: 0)

    /// Loads a safetensors file: `vgg16.conv1_1.weight`, `….bias` … `vgg16.conv5_3.bias` as
    /// torchvision has them, and `alpha` and `beta` of 1475 numbers each.
    ///
    /// - Throws: ``QualityError/unreadable(path:)``, ``QualityError/malformed(path:reason:)``,
    ///   ``QualityError/tensor(path:name:)``, ``QualityError/inference(_:)``.
    public init(weights path: String, engine: Engine) throws(QualityError) {
        let graph = try DISTSGraph.make(try Safetensors(path: path))
        do throws(InferenceError) {
            let model = try engine.model(
                onnx: graph.serialized(), name: "DISTS",
                options: Model.Options(threads: 1, precision: .float32))
            request = try model.makeRequest()
        } catch {
            throw .inference(error)
        }
    }

    /// The distance of two pictures of one size, at least 32 pixels a side.
    ///
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
                for (start, image) in [(0, a), (a.pixels.count, b)] {
                    for index in image.pixels.indices {
                        elements[start + index] = Float(image.pixels[index])
                    }
                }
            }
            try request.run()
            return try request.withOutput(DISTSGraph.output) { _, elements in
                elements.isEmpty ? 0 : Double(elements[0])
            }
        } catch {
            throw .inference(error)
        }
    }

    private func buffer(width: Int, height: Int) throws(InferenceError) -> TensorBuffer {
        if let pictures, size == (width, height) { return pictures }
        let buffer = try TensorBuffer(count: 2 * width * height * 3)
        try request.bind(buffer, shape: [2, height, width, 3], to: DISTSGraph.input)
        pictures = buffer
        size = (width, height)
        return buffer
    }
}
