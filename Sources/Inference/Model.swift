internal import COpenVINO

/// A compiled network; running it takes a ``Request``.
public final class Model {
    /// How a model is compiled.
    public struct Options: Hashable, Sendable {
        /// The threads that one run uses, at least 1.
        public var threads: Int
        /// The arithmetic inside the network.
        public var precision: Precision

        /// Makes options; one thread and ``Precision/automatic`` unless said otherwise.
        public init(threads: Int = 1, precision: Precision = .automatic) {
            self.threads = threads
            self.precision = precision
        }
    }

    /// The inputs, in the model's order.
    public let inputs: [Port]
    /// The outputs, in the model's order.
    public let outputs: [Port]
    /// The arithmetic that was chosen: never ``Precision/automatic``.
    public let precision: Precision

    let compiled: CompiledModelOwner
    // The engine must outlive what was compiled with it.
    private let engine: Engine

    init(
        _ engine: Engine, _ model: consuming ReadModelOwner, name: String, options: Options
    ) throws(InferenceError) {
        self.engine = engine
        switch options.precision {
        case .float32: precision = .float32
        case .automatic: precision = engine.supportsBFloat16 ? .bfloat16 : .float32
        case .bfloat16:
            guard engine.supportsBFloat16 else { throw .bfloat16Unsupported }
            precision = .bfloat16
        }
        var pointer: OpaquePointer?
        let status = unsafe pov_compile_for_latency(
            engine.core.pointer, model.pointer, String(max(options.threads, 1)),
            precision == .bfloat16 ? "bf16" : "f32", &pointer)
        try check(status) { .invalidModel(name: name, reason: $0) }
        guard let pointer = unsafe pointer else {
            throw .invalidModel(name: name, reason: "nothing was compiled")
        }
        let compiled = unsafe CompiledModelOwner(pointer)
        inputs = try unsafe ports(
            count: { unsafe pov_compiled_model_inputs_size(pointer, $0) },
            at: { unsafe pov_compiled_model_input_by_index(pointer, $0, $1) })
        outputs = try unsafe ports(
            count: { unsafe pov_compiled_model_outputs_size(pointer, $0) },
            at: { unsafe pov_compiled_model_output_by_index(pointer, $0, $1) })
        self.compiled = compiled
        // The graph as read, with its copy of the weights, is not needed any more.
        _ = consume model
        pov_trim_memory()
    }

    /// Makes the state of one run; several may exist, for example one for each shape.
    ///
    /// - Throws: ``InferenceError/engine(reason:)``.
    public func makeRequest() throws(InferenceError) -> Request { try Request(self) }

    /// Runs the model once on tensors by name and copies all outputs.
    ///
    /// For tests and rare work: a loop should keep a ``Request`` and its buffers.
    /// - Throws: what ``Request/bind(_:offset:shape:to:)`` and ``Request/run()`` throw.
    public func run(_ tensors: [String: Tensor]) throws(InferenceError) -> [String: Tensor] {
        let request = try makeRequest()
        for (name, tensor) in tensors {
            let buffer = try TensorBuffer(count: tensor.elements.count)
            buffer.write(tensor.elements.span)
            try request.bind(buffer, shape: tensor.shape, to: name)
        }
        try request.run()
        var results = [String: Tensor]()
        for port in outputs {
            results[port.name] = try request.withOutput(port.name) { shape, elements in
                let copy = unsafe elements.withUnsafeBufferPointer { unsafe [Float]($0) }
                return Tensor(unchecked: shape, copy)
            }
        }
        return results
    }
}
