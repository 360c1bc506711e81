import Inference

/// The three networks of MTCNN (Zhang et al., *Joint Face Detection and Alignment Using Multitask
/// Cascaded Convolutional Networks*, 2016), with weights in the layout of facenet-pytorch.
enum MTCNNGraphs {
    /// Pictures, `count × 3 × height × width`, (RGB − 127.5) / 128.
    static let input = "pictures"
    /// The probability of a face is the second of two channels.
    static let scores = "scores"
    /// Corrections of the box, in its sides.
    static let moves = "moves"
    /// Five across, then five down, in sides of the box.
    static let points = "points"

    /// P-Net: proposes boxes at all places of a picture of any size.
    static func proposing(_ weights: Safetensors) throws(QualityError) -> ONNXGraph {
        var net = Net("pnet", weights, shape: [1, 3, nil, nil])
        try net.convolve(1, [10, 3, 3])
        net.pool(2)
        try net.convolve(2, [16, 10, 3])
        try net.convolve(3, [32, 16, 3])
        let features = net.latest
        try net.project(features, "conv4_1", [2, 32, 1, 1], to: "logits")
        net.graph.addNode(
            "Softmax", ["logits"], scores, attributes: ["axis": .integer(1)])
        try net.project(features, "conv4_2", [4, 32, 1, 1], to: moves)
        net.graph.addOutput(scores, shape: [1, 2, nil, nil])
        net.graph.addOutput(moves, shape: [1, 4, nil, nil])
        return net.graph
    }

    /// R-Net: judges boxes of 24×24.
    static func refining(_ weights: Safetensors, count: Int) throws(QualityError) -> ONNXGraph {
        var net = Net("rnet", weights, shape: [count, 3, 24, 24])
        try net.convolve(1, [28, 3, 3])
        net.pool(3)
        try net.convolve(2, [48, 28, 3])
        net.pool(3)
        try net.convolve(3, [64, 48, 2])
        try net.flatten(count, to: [576, 128], prelu: 4)
        try net.finish(count, [("dense5_1", 2, scores), ("dense5_2", 4, moves)], from: 128)
        return net.graph
    }

    /// O-Net: finds landmarks in boxes of 48×48.
    static func locating(_ weights: Safetensors, count: Int) throws(QualityError) -> ONNXGraph {
        var net = Net("onet", weights, shape: [count, 3, 48, 48])
        try net.convolve(1, [32, 3, 3])
        net.pool(3)
        try net.convolve(2, [64, 32, 3])
        net.pool(3)
        try net.convolve(3, [64, 64, 3])
        net.pool(2)
        try net.convolve(4, [128, 64, 2])
        try net.flatten(count, to: [1152, 256], prelu: 5)
        try net.finish(count, [("dense6_1", 2, scores), ("dense6_3", 10, points)], from: 256)
        return net.graph
    }
}

/// A network that grows layer by layer.
private struct Net {
    var graph = ONNXGraph()
    private(set) var latest = MTCNNGraphs.input
    private let name: String
    private let weights: Safetensors
    private var pools = 0

    init(_ name: String, _ weights: Safetensors, shape: [Int?]) {
        self.name = name
        self.weights = weights
        graph.addInput(MTCNNGraphs.input, shape: shape)
    }

    private mutating func constant(_ part: String, _ shape: [Int]) throws(QualityError) -> String {
        graph.addConstant("\(name).\(part)", try weights.tensor("\(name).\(part)", shape: shape))
        return "\(name).\(part)"
    }

    /// A slope for each channel, as a rectifier of `rank` dimensions wants it.
    private mutating func rectify(
        _ index: Int, channels: Int, rank: Int, to output: String
    ) throws(QualityError) {
        let slopes = try weights.tensor("\(name).prelu\(index).weight", shape: [channels])
        let shape = [channels] + [Int](repeating: 1, count: rank - 2)
        if let tensor = Tensor(shape: shape, elements: slopes.elements) {
            graph.addConstant("slope\(index)", tensor)
        }
        graph.addNode("PRelu", [latest, "slope\(index)"], output)
        latest = output
    }

    /// A convolution without padding; `sizes` are channels out, channels in, and the side.
    mutating func convolve(_ index: Int, _ sizes: [Int]) throws(QualityError) {
        let shape = [sizes[0], sizes[1], sizes[2], sizes[2]]
        try project(latest, "conv\(index)", shape, to: "conv\(index)")
        latest = "conv\(index)"
        try rectify(index, channels: sizes[0], rank: 4, to: "rectified\(index)")
    }

    mutating func project(
        _ input: String, _ layer: String, _ shape: [Int], to output: String
    ) throws(QualityError) {
        let kernel = try constant(layer + ".weight", shape)
        let bias = try constant(layer + ".bias", [shape[0]])
        graph.addNode("Conv", [input, kernel, bias], output)
    }

    /// The largest of each square, with a stride of 2; what is left over at the end counts, too.
    mutating func pool(_ side: Int64) {
        pools += 1
        graph.addNode(
            "MaxPool", [latest], "pooled\(pools)",
            attributes: [
                "kernel_shape": .integers([side, side]), "strides": .integers([2, 2]),
                "ceil_mode": .integer(1),
            ])
        latest = "pooled\(pools)"
    }

    /// A dense layer over all places and channels; facenet-pytorch counts across, down, channel.
    mutating func flatten(
        _ count: Int, to sizes: [Int], prelu: Int
    ) throws(QualityError) {
        graph.addNode(
            "Transpose", [latest], "turned", attributes: ["perm": .integers([0, 3, 2, 1])])
        graph.addConstant("flat", integers: [Int64(count), Int64(sizes[0])])
        graph.addNode("Reshape", ["turned", "flat"], "flattened")
        latest = "flattened"
        let layer = name == "rnet" ? "dense4" : "dense5"
        try dense(layer, from: sizes[0], to: sizes[1], output: "dense")
        latest = "dense"
        try rectify(prelu, channels: sizes[1], rank: 2, to: "features")
    }

    private mutating func dense(
        _ layer: String, from inputs: Int, to outputs: Int, output: String
    ) throws(QualityError) {
        let matrix = try constant(layer + ".weight", [outputs, inputs])
        let bias = try constant(layer + ".bias", [outputs])
        graph.addNode(
            "Gemm", [latest, matrix, bias], output, attributes: ["transB": .integer(1)])
    }

    /// Dense layers over the features, one for each output; the first one's are probabilities.
    mutating func finish(
        _ count: Int, _ heads: [(layer: String, size: Int, output: String)], from inputs: Int
    ) throws(QualityError) {
        for (index, head) in heads.enumerated() {
            try dense(
                head.layer, from: inputs, to: head.size, output: index == 0 ? "logits" : head.output
            )
            graph.addOutput(head.output, shape: [count, head.size])
        }
        graph.addNode(
            "Softmax", ["logits"], heads[0].output, attributes: ["axis": .integer(1)])
    }
}
