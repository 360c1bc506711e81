public import Inference

/// Why two pictures could not be compared.
public enum QualityError: Error, Hashable, Sendable {
    /// The pictures have different sizes.
    case sizesDiffer
    /// The pictures are smaller than the measure needs.
    case tooSmall(width: Int, height: Int, smallestSide: Int)
    /// The weights' file is missing or cannot be read.
    case unreadable(path: String)
    /// The weights' file is not a valid safetensors file.
    case malformed(path: String, reason: String)
    /// The weights' file lacks a tensor, or it has other dimensions or another type.
    case tensor(path: String, name: String)
    /// The inference engine refused.
    case inference(InferenceError)
}

extension QualityError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .sizesDiffer:
            "the pictures differ in size"
        case .tooSmall(let width, let height, let side):
            "pictures of \(width)x\(height) are too small: this measure needs \(side) a side"
        case .unreadable(let path):
            "the weights \(path) are missing or cannot be read"
        case .malformed(let path, let reason):
            "\(path) is not a safetensors file: \(reason)"
        case .tensor(let path, let name):
            "\(path) has no \"\(name)\" of the expected dimensions in 32-bit floats"
        case .inference(let error):
            "\(error)"
        }
    }
}
