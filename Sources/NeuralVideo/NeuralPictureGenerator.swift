public import Inference
public import Media
public import VideoCoding

/// The implicit-warping network: sources and keypoints in, the rebuilt picture out
/// (Mallya, Wang, Liu, NeurIPS 2022, section 3; one cross-attention over the keys of several sources), those
/// of them that ``NearestSources`` chooses.
///
/// Not for several threads at once.
public final class NeuralPictureGenerator: PictureGenerator {
    public let largestSourceCount = 8
    /// The only size of picture that the network takes and gives.
    public let pictureSize: PictureSize
    /// How many keypoints each picture has.
    public let keypointCount: Int

    private let encoder: SourceEncoder
    private let model: Model
    private var cache: SourceCache
    private var nearest = NearestSources()
    private let driving: KeypointTensors
    private let output: String
    // The sources in the order of their slots.
    private var slots: [SourceIdentifier] = []
    // Bound to so many sources. A request holds tens of megabytes, so there is only one; making
    // another when the number changes costs no more than changing the shapes of an old one.
    private var request: (sourceCount: Int, request: Request)?

    /// Loads the source encoder and the generator.
    ///
    /// - Throws: ``ModelError/inference(_:)``, ``ModelError/wrongInterface(file:reason:)``.
    public init(
        _ files: ModelFiles, engine: Engine, options: Model.Options = Model.Options()
    ) throws(ModelError) {
        let path = files.path(of: .generator)
        encoder = try SourceEncoder(
            at: files.path(of: .sourceEncoder), engine: engine, options: options)
        pictureSize = encoder.interface.size
        keypointCount = encoder.interface.keypointCount
        do throws(InferenceError) {
            model = try engine.model(at: path, options: options)
            driving = try KeypointTensors(count: keypointCount)
            cache = try SourceCache(
                model.inputs.filter {
                    ![PortName.locations, PortName.strengths].contains($0.name)
                },
                capacity: largestSourceCount, usedCount: NearestSources.usedCount)
        } catch {
            throw .inference(error)
        }
        guard let output = model.outputs.first?.name, model.outputs.count == 1 else {
            throw .wrongInterface(file: path, reason: "it has not one output")
        }
        self.output = output
        try checkInterface(path)
    }

    public var sources: [SourceIdentifier] { slots.sorted() }

    public func insert(
        _ picture: VideoFrame, keypoints: Keypoints, as identifier: SourceIdentifier
    ) throws(CodecError) {
        guard picture.size == pictureSize else {
            throw .unsupportedSize(width: picture.size.width, height: picture.size.height)
        }
        try checkCount(keypoints)
        let slot = slots.firstIndex(of: identifier) ?? slots.count
        guard slot < largestSourceCount else { throw .sourceCount(slot + 1) }
        do throws(InferenceError) {
            try encoder.encode(picture, keypoints)
            try cache.store(encoder, inSlot: slot)
        } catch {
            throw .backend("\(error)")
        }
        nearest.store(keypoints, inSlot: slot)
        if slot == slots.count { slots.append(identifier) }
    }

    public func remove(_ identifier: SourceIdentifier) {
        guard let slot = slots.firstIndex(of: identifier), let last = slots.popLast() else {
            return
        }
        // The last source fills the gap; their order means nothing to the attention.
        nearest.remove(slot: slot)
        cache.move(from: slots.count, to: slot)
        if slot < slots.count { slots[slot] = last }
    }

    public func generate(_ keypoints: Keypoints, time: MediaTime) throws(CodecError) -> VideoFrame {
        let size = pictureSize
        let frame = try warp(keypoints) { VideoFrame(tensor: $0, size: size, time: time) }
        guard let frame else { throw .backend("the network gave a picture of another size") }
        return frame
    }

    /// Warps the sources to the keypoints and reads the picture's floats in place.
    func warp<Result>(
        _ keypoints: Keypoints, _ body: (Span<Float>) -> Result
    ) throws(CodecError) -> Result {
        guard !slots.isEmpty else { throw .sourceCount(0) }
        try checkCount(keypoints)
        do throws(InferenceError) {
            let chosen = nearest.slots(for: keypoints)
            cache.use(chosen)
            let request = try request(sourceCount: chosen.count)
            driving.write(keypoints)
            try request.run()
            return try request.withOutput(output) { _, elements in body(elements) }
        } catch {
            throw .backend("\(error)")
        }
    }

    private func request(sourceCount: Int) throws(InferenceError) -> Request {
        if let request, request.sourceCount == sourceCount { return request.request }
        self.request = nil
        let request = try model.makeRequest()
        try driving.bind(to: request)
        try cache.bind(first: sourceCount, to: request)
        self.request = (sourceCount, request)
        return request
    }

    private func checkCount(_ keypoints: Keypoints) throws(CodecError) {
        guard keypoints.count == keypointCount else {
            throw .keypointCount(expected: keypointCount, found: keypoints.count)
        }
    }

    /// Checks that the generator takes what the encoder gives, for any number of sources.
    private func checkInterface(_ path: String) throws(ModelError) {
        let count = try NeuralVideo.keypointCount(model.inputs, path)
        guard count == keypointCount else {
            throw .wrongInterface(file: path, reason: "it takes \(count) keypoints")
        }
        let given =
            encoder.model.outputs
            + encoder.model.inputs.filter { input in
                input.name == PortName.picture
                    && !encoder.model.outputs.contains { $0.name == input.name }
            }
        for entry in cache.entries {
            guard let port = given.first(where: { $0.name == entry.name }) else {
                throw .wrongInterface(
                    file: path, reason: "the source encoder gives no \"\(entry.name)\"")
            }
            guard port.accepts([1] + entry.tail) else {
                throw .wrongInterface(
                    file: path, reason: "\"\(entry.name)\" has other dimensions in the encoder")
            }
        }
        for port in model.inputs where cache.entries.contains(where: { $0.name == port.name }) {
            guard port.shape.first == .some(nil) else {
                throw .wrongInterface(
                    file: path, reason: "\"\(port.name)\" does not take any number of sources")
            }
        }
    }
}
