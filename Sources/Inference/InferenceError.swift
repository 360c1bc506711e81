/// Why a network could not be loaded or run.
public enum InferenceError: Error, Hashable, Sendable {
    /// OpenVINO is not installed where it was looked for; the loader's own words.
    case libraryMissing(reason: String)
    /// The OpenVINO that was found is another release than the one this program was made for.
    case libraryVersion(found: String, expected: String)
    /// The OpenVINO that was found lacks a function.
    case librarySymbol(String)
    /// The model file cannot be read.
    case unreadable(path: String)
    /// The bytes are no model that the engine can run; the engine's own words.
    case invalidModel(name: String, reason: String)
    /// The model has no input or output of this name.
    case noPort(String)
    /// An input or output holds something else than 32-bit floats.
    case elementType(port: String)
    /// The elements or dimensions do not fit an input; `nil` stands for any size.
    case shape(port: String, expected: [Int?], found: [Int])
    /// An input was not given before the model was run.
    case unbound(port: String)
    /// The processor has no bfloat16 arithmetic.
    case bfloat16Unsupported
    /// The system has no memory left for so many bytes.
    case outOfMemory(bytes: Int)
    /// The engine failed while running; its own words.
    case engine(reason: String)
}

extension InferenceError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .libraryMissing(let reason):
            "OpenVINO is not installed: run Examples/install.sh (\(reason))"
        case .libraryVersion(let found, let expected):
            "OpenVINO \(found) is installed, but \(expected) is needed: run Examples/install.sh"
        case .librarySymbol(let name):
            "the installed OpenVINO has no \(name): run Examples/install.sh"
        case .unreadable(let path):
            "the model \(path) cannot be read"
        case .invalidModel(let name, let reason):
            "\(name) is not a model that can be run: \(reason)"
        case .noPort(let name):
            "the model has no input or output \"\(name)\""
        case .elementType(let port):
            "the model's \"\(port)\" does not hold 32-bit floats"
        case .shape(let port, let expected, let found):
            "\"\(port)\" takes \(expected.map { $0.map(String.init) ?? "any" }), not \(found)"
        case .unbound(let port):
            "the input \"\(port)\" was not given"
        case .bfloat16Unsupported:
            "this processor has no bfloat16 arithmetic (AVX512_BF16 or AMX)"
        case .outOfMemory(let bytes):
            "no memory for \(bytes) bytes"
        case .engine(let reason):
            "the inference engine failed: \(reason)"
        }
    }
}
