import AV1
public import Inference
import KeypointCoding
public import NeuralVideo
import VP8
public import VideoCoding

/// The network and AV1's pictures behind the codec's protocols: what the programs use.
public struct NetworkBackends {
    /// Where the network's files are.
    public let files: ModelFiles
    /// The inference engine.
    public let engine: Engine
    private let options: Model.Options

    /// Opens the engine and finds the network's files.
    ///
    /// - Parameters:
    ///   - folder: the network's files; nothing for the shipped ones.
    ///   - threads: how many threads the network may use.
    ///   - precision: the arithmetic.
    /// - Throws: `InferenceError`, `ModelError`.
    public init(folder: String?, threads: Int, precision: Precision) throws {
        engine = try Engine()
        files = try folder.map { try ModelFiles(folder: $0) } ?? ModelFiles.shipped()
        options = Model.Options(threads: threads, precision: precision)
    }

    /// Makes a keypoint detector.
    public func detector() throws -> NeuralKeypointDetector {
        try NeuralKeypointDetector(files, engine: engine, options: options)
    }

    /// Makes a picture generator.
    public func generator() throws -> NeuralPictureGenerator {
        try NeuralPictureGenerator(files, engine: engine, options: options)
    }

    /// Makes the sender's half of the codec.
    public func encoder(
        _ configuration: VideoEncoder.Configuration = VideoEncoder.Configuration()
    ) throws -> VideoEncoder {
        VideoEncoder(
            detector: try detector(),
            stillEncoder: AV1StillEncoder(), stillDecoder: AV1StillDecoder(),
            keypointEncoder: try KeypointEncoder(files.keypointTables),
            configuration: configuration)
    }

    /// Makes what chooses a call's sources: with a network of its own, on one thread, beside the one that
    /// the call runs.
    ///
    /// - Parameters:
    ///   - kind: how; nothing is made for the first pictures alone.
    ///   - quantizer: AV1's of the call's plan.
    ///   - fallback: what is done where warping fails.
    public func sourceChoice(
        _ kind: SourcePolicy.Kind, quantizer: Int, fallback: SteppingAside.Kind = .off
    ) throws -> SourceChoice? {
        guard kind != .first || fallback != .off else { return nil }
        var configuration = SourcePolicy.Configuration()
        configuration.planQuantizer = quantizer
        let policy = SourcePolicy(kind, configuration)
        let beside = Model.Options(threads: 1, precision: options.precision)
        let coder = SourceCoder(
            detector: try NeuralKeypointDetector(files, engine: engine, options: beside),
            stillEncoder: AV1StillEncoder(), stillDecoder: AV1StillDecoder(),
            keypointEncoder: try KeypointEncoder(files.keypointTables))
        let rehearsal =
            policy.isAdaptive || fallback != .off
            ? Rehearsal(
                generator: try NeuralPictureGenerator(files, engine: engine, options: beside))
            : nil
        var choice = SourceChoice(policy, coder: coder, rehearsal: rehearsal)
        choice.fallback = Self.fallback(fallback)
        return choice
    }

    /// Makes what a sender does where warping fails; nothing where it goes on.
    public static func fallback(
        _ kind: SteppingAside.Kind,
        _ configuration: SteppingAside.Configuration = SteppingAside.Configuration()
    ) -> FallbackChoice? {
        guard kind != .off else { return nil }
        func streamer() -> PictureStreamer {
            PictureStreamer(encoder: VP8StreamEncoder(), stillEncoder: VP8StillEncoder())
        }
        return FallbackChoice(
            SteppingAside(kind, configuration), streamer: streamer(),
            trial: kind == .stream ? StreamRehearsal(streamer()) : nil)
    }

    /// Makes the receiver's half of the codec.
    public func decoder() throws -> VideoDecoder {
        let generator = try generator()
        return VideoDecoder(
            generator: generator, stillDecoder: AV1StillDecoder(),
            keypointDecoder: KeypointDecoder(files.keypointTables),
            streamDecoder: VP8StreamDecoder(), size: generator.pictureSize)
    }
}
