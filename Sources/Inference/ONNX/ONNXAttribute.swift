/// A constant setting of an ONNX operator.
public enum ONNXAttribute: Hashable, Sendable {
    /// One integer.
    case integer(Int64)
    /// A list of integers.
    case integers([Int64])
    /// One float.
    case float(Float)
}

extension ONNXAttribute {
    /// Writes the fields of an `AttributeProto` after its name (onnx.proto, field and type numbers).
    func write(to writer: inout ProtobufWriter) {
        switch self {
        case .float(let value):
            writer.write(2, value)
            writer.write(20, Int64(1))
        case .integer(let value):
            writer.write(3, value)
            writer.write(20, Int64(2))
        case .integers(let values):
            for value in values { writer.write(8, value) }
            writer.write(20, Int64(7))
        }
    }
}
