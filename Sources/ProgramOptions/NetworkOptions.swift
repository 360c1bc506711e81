public import ArgumentParser
public import Inference
public import Pipeline

/// Options of every program that runs the network.
public struct NetworkOptions: ParsableArguments {
    /// Where the network is.
    @Option(
        help: ArgumentHelp(
            "Folder with detector.onnx, source_encoder.onnx, generator.onnx and model.json.",
            discussion:
                "Both ends need the same files; without this option the shipped ones are used.",
            valueName: "folder"))
    public var model: String?

    /// How many threads it may use.
    @Option(help: ArgumentHelp("Threads for the network, 1 to 64.", valueName: "count"))
    public var threads = 2

    /// Which arithmetic.
    @Option(
        help: ArgumentHelp(
            "Arithmetic of the network: automatic (bf16 where the processor has it), f32 or bf16.",
            valueName: "name"))
    public var precision = PrecisionName.automatic

    /// Makes options to be filled by the parser.
    public init() {}

    public func validate() throws {
        guard (1...64).contains(threads) else {
            throw ValidationError("--threads \(threads): use 1 to 64")
        }
    }

    /// Opens the engine and the network's files.
    public func backends() throws -> NetworkBackends {
        try NetworkBackends(folder: model, threads: threads, precision: precision.precision)
    }
}

/// The names of ``Inference/Precision`` on a command line.
public enum PrecisionName: String, ExpressibleByArgument, CaseIterable, Sendable {
    case automatic, f32, bf16

    /// What the name stands for.
    public var precision: Precision {
        switch self {
        case .automatic: .automatic
        case .f32: .float32
        case .bf16: .bfloat16
        }
    }
}
