import Inference
import Media

/// The source encoder network: what warping needs of a source image, computed once for each source
/// (Implicit Warping, section 3.2: keys and values; the features that the decoder samples).
final class SourceEncoder {
    let interface: NetworkInterface
    /// The network; its outputs are what may be kept of a source.
    let model: Model

    private let request: Request
    private let picture: TensorBuffer
    private let keypoints: KeypointTensors

    init(at path: String, engine: Engine, options: Model.Options) throws(ModelError) {
        do {
            model = try engine.model(at: path, options: options)
            interface = try NetworkInterface(sourceEncoder: model, file: path)
            picture = try TensorBuffer(count: interface.pictureElements)
            keypoints = try KeypointTensors(count: interface.keypointCount)
            request = try model.makeRequest()
            try request.bind(picture, shape: interface.pictureShape, to: PortName.picture)
            try keypoints.bind(to: request)
        } catch let error as InferenceError {
            throw .inference(error)
        } catch let error as ModelError {
            throw error
        } catch {
            throw .wrongInterface(file: path, reason: "\(error)")
        }
    }

    /// Encodes a source of the network's size with as many keypoints as it takes.
    func encode(_ picture: VideoFrame, _ keypoints: Keypoints) throws(InferenceError) {
        self.picture.withMutableElements { picture.write(to: &$0) }
        self.keypoints.write(keypoints)
        try request.run()
    }

    /// Reads an output of the last run by its name; or the picture, where that name is asked for and
    /// no output has it.
    func withTensor<Result>(
        _ name: String, _ body: (Span<Float>) -> Result
    ) throws(InferenceError) -> Result {
        if model.outputs.contains(where: { $0.name == name }) {
            return try request.withOutput(name) { _, elements in body(elements) }
        }
        guard name == PortName.picture else { throw .noPort(name) }
        return picture.withElements(body)
    }
}
