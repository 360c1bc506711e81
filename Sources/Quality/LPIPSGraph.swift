import Inference

/// The graph of LPIPS with AlexNet: two pictures in, their distance out.
enum LPIPSGraph {
    /// Two pictures, `2 × height × width × 3`, RGB in 0…255.
    static let input = "pictures"
    /// The distance, one number.
    static let output = "distance"

    /// One convolution of AlexNet (Krizhevsky 2014, as torchvision has it).
    private struct Layer {
        let channels: Int
        let side: Int
        let stride: Int64
        let padding: Int64
        let poolsBefore: Bool
    }

    private static let layers = [
        Layer(channels: 64, side: 11, stride: 4, padding: 2, poolsBefore: false),
        Layer(channels: 192, side: 5, stride: 1, padding: 2, poolsBefore: true),
        Layer(channels: 384, side: 3, stride: 1, padding: 1, poolsBefore: true),
        Layer(channels: 256, side: 3, stride: 1, padding: 1, poolsBefore: false),
        Layer(channels: 256, side: 3, stride: 1, padding: 1, poolsBefore: false),
    ]

    /// Builds the graph with the weights of a file.
    static func make(_ weights: Safetensors) throws(QualityError) -> ONNXGraph {
        var graph = ONNXGraph()
        graph.addInput(input, shape: [2, nil, nil, 3])
        addConstants(to: &graph)
        var features = addNormalization(to: &graph)
        var channels = 3
        var sum: String?
        for (index, layer) in layers.enumerated() {
            features = try add(layer, index, features, channels, weights, to: &graph)
            channels = layer.channels
            let distance = try addTap(index, features, channels, weights, to: &graph)
            if let earlier = sum {
                let last = index == layers.count - 1
                graph.addNode("Add", [earlier, distance], last ? output : "sum\(index)")
                sum = last ? output : "sum\(index)"
            } else {
                sum = distance
            }
        }
        graph.addOutput(output, shape: [1, 1, 1, 1])
        return graph
    }

    /// Builds the graph that makes the features of one picture, whose squared differences add up to
    /// the distance; its outputs are ``taps``.
    static func makeFeatures(_ weights: Safetensors) throws(QualityError) -> ONNXGraph {
        var graph = ONNXGraph()
        graph.addInput(input, shape: [1, nil, nil, 3])
        addConstants(to: &graph)
        var features = addNormalization(to: &graph)
        var channels = 3
        for (index, layer) in layers.enumerated() {
            features = try add(layer, index, features, channels, weights, to: &graph)
            channels = layer.channels
            let name = addUnitLength(index, features, to: &graph)
            let linear = try weights.tensor("alex.lin\(index)", shape: [channels])
            let roots = linear.elements.map { max(0, $0).squareRoot() }
            if let factors = Tensor(shape: [1, channels, 1, 1], elements: roots) {
                graph.addConstant("root\(index)", factors)
            }
            graph.addNode("Mul", [name, "root\(index)"], taps[index])
            graph.addOutput(taps[index], shape: [1, channels, nil, nil])
        }
        return graph
    }

    /// Outputs of the graph of features, `1 × channels × rows × columns`.
    static let taps = (0..<layers.count).map { "tap\($0)" }

    /// 0…255 to −1…1, then LPIPS' own shift and scale, in one product and one sum.
    private static func addNormalization(to graph: inout ONNXGraph) -> String {
        graph.addNode("Mul", [input, "scale"], "scaled")
        graph.addNode("Add", ["scaled", "shift"], "shifted")
        graph.addNode(
            "Transpose", ["shifted"], "planes", attributes: ["perm": .integers([0, 3, 1, 2])])
        return "planes"
    }

    /// Features made of unit length over the channels.
    private static func addUnitLength(
        _ index: Int, _ features: String, to graph: inout ONNXGraph
    ) -> String {
        let name = "alex.lin\(index)"
        graph.addNode("ReduceL2", [features, "channel"], name + ".length")
        graph.addNode("Add", [name + ".length", "epsilon"], name + ".divisor")
        graph.addNode("Div", [features, name + ".divisor"], name + ".unit")
        return name + ".unit"
    }

    private static func addConstants(to graph: inout ONNXGraph) {
        let mean: [Float] = [-0.030, -0.088, -0.188]
        let deviation: [Float] = [0.458, 0.448, 0.450]
        let scale = deviation.map { 1 / (127.5 * $0) }
        let shift = zip(mean, deviation).map { (-1 - $0) / $1 }
        add("scale", [3], scale, to: &graph)
        add("shift", [3], shift, to: &graph)
        add("epsilon", [1], [1e-10], to: &graph)
        graph.addConstant("channel", integers: [1])
        graph.addConstant("space", integers: [2, 3])
        graph.addConstant("zero", integers: [0])
        graph.addConstant("one", integers: [1])
        graph.addConstant("two", integers: [2])
    }

    private static func add(
        _ name: String, _ shape: [Int], _ elements: [Float], to graph: inout ONNXGraph
    ) {
        if let tensor = Tensor(shape: shape, elements: elements) {
            graph.addConstant(name, tensor)
        }
    }

    /// Adds a convolution with its pooling before and its ReLU after.
    private static func add(
        _ layer: Layer, _ index: Int, _ features: String, _ channels: Int, _ weights: Safetensors,
        to graph: inout ONNXGraph
    ) throws(QualityError) -> String {
        let name = "alex.conv\(index + 1)"
        var features = features
        if layer.poolsBefore {
            graph.addNode(
                "MaxPool", [features], name + ".pooled",
                attributes: ["kernel_shape": .integers([3, 3]), "strides": .integers([2, 2])])
            features = name + ".pooled"
        }
        graph.addConstant(
            name + ".weight",
            try weights.tensor(
                name + ".weight", shape: [layer.channels, channels, layer.side, layer.side]))
        graph.addConstant(
            name + ".bias", try weights.tensor(name + ".bias", shape: [layer.channels]))
        graph.addNode(
            "Conv", [features, name + ".weight", name + ".bias"], name + ".sum",
            attributes: [
                "kernel_shape": .integers([Int64(layer.side), Int64(layer.side)]),
                "strides": .integers([layer.stride, layer.stride]),
                "pads": .integers([Int64](repeating: layer.padding, count: 4)),
            ])
        graph.addNode("Relu", [name + ".sum"], name)
        return name
    }

    /// Adds the distance of the two pictures' features: of unit length over the channels, squared
    /// difference, weighted sum over the channels, mean over the places.
    private static func addTap(
        _ index: Int, _ features: String, _ channels: Int, _ weights: Safetensors,
        to graph: inout ONNXGraph
    ) throws(QualityError) -> String {
        let name = "alex.lin\(index)"
        let linear = try weights.tensor(name, shape: [channels])
        if let kernel = Tensor(shape: [1, channels, 1, 1], elements: linear.elements) {
            graph.addConstant(name, kernel)
        }
        let unit = addUnitLength(index, features, to: &graph)
        graph.addNode("Slice", [unit, "zero", "one", "zero"], name + ".first")
        graph.addNode("Slice", [unit, "one", "two", "zero"], name + ".second")
        graph.addNode("Sub", [name + ".first", name + ".second"], name + ".difference")
        graph.addNode("Mul", [name + ".difference", name + ".difference"], name + ".square")
        graph.addNode("Conv", [name + ".square", name], name + ".weighted")
        graph.addNode("ReduceMean", [name + ".weighted", "space"], name + ".distance")
        return name + ".distance"
    }
}
