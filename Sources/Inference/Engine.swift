internal import COpenVINO

/// The inference engine (OpenVINO, on the processor), from which models are loaded.
public final class Engine {
    /// The engine's version and build.
    public let version: String

    /// Whether the processor computes in bfloat16 (AVX512_BF16 or AMX).
    public let supportsBFloat16: Bool

    let core: CoreOwner

    /// Opens the engine's library.
    ///
    /// Looked for in the folder that the environment variable `PANTOGRAPH_OPENVINO` names, else in
    /// the loader's path, else where `Examples/install-openvino.sh` puts it.
    ///
    /// - Throws: ``InferenceError/libraryMissing(reason:)``,
    ///   ``InferenceError/libraryVersion(found:expected:)``,
    ///   ``InferenceError/librarySymbol(_:)``, ``InferenceError/engine(reason:)``.
    public init() throws(InferenceError) {
        let result = pov_load()
        let message = unsafe String(cString: pov_load_message())
        switch result {
        case POV_LOADED: version = message
        case POV_LIBRARY_VERSION: throw .libraryVersion(found: message, expected: "2026.4")
        case POV_LIBRARY_SYMBOL: throw .librarySymbol(message)
        default: throw .libraryMissing(reason: message)
        }
        var pointer: OpaquePointer?
        try check(unsafe pov_core_create(&pointer))
        guard let pointer = unsafe pointer else { throw .engine(reason: "no core") }
        let core = unsafe CoreOwner(pointer)
        var text: UnsafeMutablePointer<CChar>?
        try check(
            unsafe pov_core_get_property(core.pointer, "CPU", "OPTIMIZATION_CAPABILITIES", &text))
        supportsBFloat16 = unsafe take(text).split { !$0.isLetter && !$0.isNumber }.contains("BF16")
        self.core = core
    }

    /// Reads and compiles an ONNX (or OpenVINO IR) file.
    ///
    /// - Throws: ``InferenceError/unreadable(path:)``,
    ///   ``InferenceError/invalidModel(name:reason:)``, ``InferenceError/elementType(port:)``,
    ///   ``InferenceError/bfloat16Unsupported``.
    public func model(
        at path: String, options: Model.Options = Model.Options()
    ) throws(InferenceError) -> Model {
        guard isReadableFile(path) else { throw .unreadable(path: path) }
        var pointer: OpaquePointer?
        try check(unsafe pov_core_read_model(core.pointer, path, nil, &pointer)) {
            .invalidModel(name: path, reason: $0)
        }
        guard let pointer = unsafe pointer else { throw .unreadable(path: path) }
        return try Model(
            self, unsafe ReadModelOwner(pointer), name: path, options: options)
    }

    /// Reads and compiles an ONNX model from memory; `name` is for error messages.
    ///
    /// - Throws: as ``model(at:options:)``.
    public func model(
        onnx bytes: [UInt8], name: String, options: Model.Options = Model.Options()
    ) throws(InferenceError) -> Model {
        var pointer: OpaquePointer?
        let status = unsafe bytes.withUnsafeBytes { buffer -> pov_status_t in
            guard let start = buffer.baseAddress else { return pov_status_t(POV_STATUS_NOT_LOADED) }
            return unsafe pov_core_read_model_from_memory_buffer(
                core.pointer, start.assumingMemoryBound(to: CChar.self), buffer.count, nil, &pointer
            )
        }
        try check(status) { .invalidModel(name: name, reason: $0) }
        guard let pointer = unsafe pointer else {
            throw .invalidModel(name: name, reason: "nothing was read")
        }
        return try Model(
            self, unsafe ReadModelOwner(pointer), name: name, options: options)
    }
}
