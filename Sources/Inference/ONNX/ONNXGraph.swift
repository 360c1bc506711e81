/// A network written down in code, as an ONNX model that an ``Engine`` loads from memory.
///
///     var graph = ONNXGraph()
///     graph.addInput("x", shape: [1, nil])
///     graph.addNode("Relu", ["x"], "y")
///     graph.addOutput("y", shape: [1, nil])
///     let model = try engine.model(onnx: graph.serialized(), name: "relu")
///
/// Names are free but must be used once; the engine checks the rest when it loads the model.
public struct ONNXGraph: Sendable {
    // onnx.proto of IR version 9; opset 18 is the first with axes of reductions as inputs.
    private static let irVersion: Int64 = 9
    private static let operatorSet: Int64 = 18

    private enum DataType: Int64 {
        case float = 1
        case int64 = 7
    }

    private var nodes: [[UInt8]] = []
    private var constants: [[UInt8]] = []
    private var inputs: [[UInt8]] = []
    private var outputs: [[UInt8]] = []

    /// Makes an empty graph.
    public init() {}

    /// Adds an input of floats; `nil` is a dimension of any size.
    public mutating func addInput(_ name: String, shape: [Int?]) {
        inputs.append(Self.value(name, shape))
    }

    /// Adds an output of floats; `nil` is a dimension of any size.
    public mutating func addOutput(_ name: String, shape: [Int?]) {
        outputs.append(Self.value(name, shape))
    }

    /// Adds constant floats, such as weights.
    public mutating func addConstant(_ name: String, _ tensor: Tensor) {
        var content = [UInt8]()
        content.reserveCapacity(tensor.elements.count * 4)
        for element in tensor.elements {
            withLittleEndianBytes(of: element.bitPattern) { content.append($0) }
        }
        constants.append(Self.constant(name, .float, tensor.shape, content))
    }

    /// Adds a constant list of integers, such as axes.
    public mutating func addConstant(_ name: String, integers: [Int64]) {
        var content = [UInt8]()
        for element in integers { withLittleEndianBytes(of: element) { content.append($0) } }
        constants.append(Self.constant(name, .int64, [integers.count], content))
    }

    /// Adds an operator (by its ONNX name) with one output.
    public mutating func addNode(
        _ type: String, _ inputs: [String], _ output: String,
        attributes: KeyValuePairs<String, ONNXAttribute> = [:]
    ) {
        var node = ProtobufWriter()
        for input in inputs { node.write(1, input) }
        node.write(2, output)
        node.write(3, output)
        node.write(4, type)
        for (name, attribute) in attributes {
            node.write(5) { message in
                message.write(1, name)
                attribute.write(to: &message)
            }
        }
        nodes.append(node.bytes)
    }

    /// The graph as the bytes of an ONNX file.
    public func serialized() -> [UInt8] {
        var model = ProtobufWriter()
        model.write(1, Self.irVersion)
        model.write(2, "pantograph")
        model.write(7) { graph in
            for node in nodes { graph.write(1, node) }
            graph.write(2, "graph")
            for constant in constants { graph.write(5, constant) }
            for input in inputs { graph.write(11, input) }
            for output in outputs { graph.write(12, output) }
        }
        model.write(8) { operators in
            operators.write(1, "")
            operators.write(2, Self.operatorSet)
        }
        return model.bytes
    }

    /// A `TensorProto`.
    private static func constant(
        _ name: String, _ type: DataType, _ shape: [Int], _ content: [UInt8]
    ) -> [UInt8] {
        var tensor = ProtobufWriter()
        for size in shape { tensor.write(1, Int64(size)) }
        tensor.write(2, type.rawValue)
        tensor.write(8, name)
        tensor.write(9, content)
        return tensor.bytes
    }

    /// A `ValueInfoProto`.
    private static func value(_ name: String, _ shape: [Int?]) -> [UInt8] {
        var value = ProtobufWriter()
        value.write(1, name)
        value.write(2) { type in
            type.write(1) { tensor in
                tensor.write(1, DataType.float.rawValue)
                tensor.write(2) { list in
                    for size in shape {
                        list.write(1) { dimension in
                            if let size { dimension.write(1, Int64(size)) }
                        }
                    }
                }
            }
        }
        return value.bytes
    }
}
