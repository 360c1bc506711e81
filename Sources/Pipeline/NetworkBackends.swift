public import Inference
import KeypointCoding
public import NeuralVideo
public import VideoCoding
import VP8

/// The network and VP8 behind the codec's protocols: what the programs use.
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

    /// Makes the sender's half of the codec.
    public func encoder(
        _ configuration: VideoEncoder.Configuration = VideoEncoder.Configuration()
    ) throws -> VideoEncoder {
        VideoEncoder(
            detector: try NeuralKeypointDetector(files, engine: engine, options: options),
            stillEncoder: VP8StillEncoder(), stillDecoder: VP8StillDecoder(),
            keypointEncoder: try KeypointEncoder(files.keypointTables),
            configuration: configuration)
    }

    /// Makes the receiver's half of the codec.
    public func decoder() throws -> VideoDecoder {
        let generator = try NeuralPictureGenerator(files, engine: engine, options: options)
        return VideoDecoder(
            generator: generator, stillDecoder: VP8StillDecoder(),
            keypointDecoder: KeypointDecoder(files.keypointTables), size: generator.pictureSize)
    }
}
