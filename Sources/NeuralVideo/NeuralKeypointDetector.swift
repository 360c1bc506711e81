public import Inference
public import Media
public import VideoCoding

/// The keypoint detector network: a picture in, locations and strengths out
/// (Implicit Warping, section 3.1).
///
/// Not for several threads at once.
public final class NeuralKeypointDetector: KeypointDetector {
    public let keypointCount: Int
    /// The only size of picture that the network takes.
    public let pictureSize: PictureSize

    private let request: Request
    private let picture: TensorBuffer

    /// Loads the network.
    ///
    /// - Throws: ``ModelError/inference(_:)``, ``ModelError/wrongInterface(file:reason:)``.
    public init(
        _ files: ModelFiles, engine: Engine, options: Model.Options = Model.Options()
    ) throws(ModelError) {
        let path = files.path(of: .detector)
        do {
            let model = try engine.model(at: path, options: options)
            let interface = try NetworkInterface(detector: model, file: path)
            keypointCount = interface.keypointCount
            pictureSize = interface.size
            picture = try TensorBuffer(count: interface.pictureElements)
            request = try model.makeRequest()
            try request.bind(picture, shape: interface.pictureShape, to: PortName.picture)
        } catch let error as InferenceError {
            throw .inference(error)
        } catch let error as ModelError {
            throw error
        } catch {
            throw .wrongInterface(file: path, reason: "\(error)")
        }
    }

    public func detect(in picture: VideoFrame) throws(CodecError) -> Keypoints {
        guard picture.size == pictureSize else {
            throw .unsupportedSize(width: picture.size.width, height: picture.size.height)
        }
        self.picture.withMutableElements { picture.write(to: &$0) }
        do throws(InferenceError) {
            try request.run()
            let locations = try read(PortName.locations, count: keypointCount * 2)
            let strengths = try read(PortName.strengths, count: keypointCount)
            return Keypoints(
                (0..<keypointCount).map { index in
                    Keypoint(
                        x: locations[2 * index], y: locations[2 * index + 1],
                        strength: strengths[index])
                })
        } catch {
            throw .backend("\(error)")
        }
    }

    private func read(_ name: String, count: Int) throws(InferenceError) -> [Float] {
        let values = try request.withOutput(name) { _, elements in
            elements.indices.map { elements[$0] }
        }
        guard values.count == count else {
            throw .shape(port: name, expected: [count], found: [values.count])
        }
        return values
    }
}
