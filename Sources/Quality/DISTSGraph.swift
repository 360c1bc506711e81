import Glibc
import Inference

/// The graph of DISTS with VGG-16: two pictures in, their distance out.
enum DISTSGraph {
    /// Two pictures, `2 × height × width × 3`, RGB in 0…255.
    static let input = "pictures"
    /// The distance, one number.
    static let output = "distance"

    /// Channels of each convolution of VGG-16's five stages (Simonyan, Zisserman 2015, table 1, D).
    private static let stages = [
        [64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512],
    ]
    /// Keeps quotients finite (equations 4 and 5 of the paper, and its code).
    private static let small: Float = 1e-6

    /// Builds the graph with the weights of a file.
    static func make(_ weights: Safetensors) throws(QualityError) -> ONNXGraph {
        var builder = try Builder(weights)
        try builder.prepare(small)
        var features = "pixels"
        var channels = 3
        var start = 0
        try builder.compare(features, index: 0, channels: channels, start: &start)
        for (stage, convolutions) in stages.enumerated() {
            if stage > 0 { features = builder.pool(features, stage: stage, channels: channels) }
            for (index, count) in convolutions.enumerated() {
                let name = "vgg16.conv\(stage + 1)_\(index + 1)"
                features = try builder.convolve(features, name, [count, channels, 3, 3])
                channels = count
            }
            // The first one sees normalised colours, the comparison of pixels plain ones.
            try builder.compare(features, index: stage + 1, channels: channels, start: &start)
        }
        return builder.finish(count: stages.count + 1)
    }

    private struct Builder {
        var graph = ONNXGraph()
        let weights: Safetensors
        private let alpha: Tensor
        private let beta: Tensor

        init(_ weights: Safetensors) throws(QualityError) {
            self.weights = weights
            let count = 3 + DISTSGraph.stages.reduce(0) { $0 + ($1.last ?? 0) }
            let a = try weights.tensor("alpha", shape: [count])
            let b = try weights.tensor("beta", shape: [count])
            // Shares of all of them together, as the paper has it.
            let sum = (a.elements + b.elements).reduce(0, +)
            guard let alpha = Tensor(shape: [count], elements: a.elements.map { $0 / sum }),
                let beta = Tensor(shape: [count], elements: b.elements.map { $0 / sum })
            else { throw .tensor(path: "", name: "alpha") }
            self.alpha = alpha
            self.beta = beta
        }

        mutating func add(_ name: String, _ shape: [Int], _ elements: [Float]) {
            if let tensor = Tensor(shape: shape, elements: elements) {
                graph.addConstant(name, tensor)
            }
        }

        mutating func prepare(_ small: Float) throws(QualityError) {
            graph.addInput(DISTSGraph.input, shape: [2, nil, nil, 3])
            add("full", [1], [255])
            add("small", [1], [small])
            add("least", [1], [1e-12])
            add("two", [1], [2])
            add("whole", [1], [1])
            add("mean", [1, 3, 1, 1], [0.485, 0.456, 0.406])
            add("deviation", [1, 3, 1, 1], [0.229, 0.224, 0.225])
            graph.addConstant("space", integers: [2, 3])
            graph.addConstant("channel", integers: [0, 1, 2, 3])
            graph.addConstant("picture0", integers: [0])
            graph.addConstant("picture1", integers: [1])
            graph.addConstant("picture2", integers: [2])
            graph.addNode(
                "Transpose", [DISTSGraph.input], "planes",
                attributes: ["perm": .integers([0, 3, 1, 2])])
            graph.addNode("Div", ["planes", "full"], "pixels")
            graph.addNode("Sub", ["pixels", "mean"], "centred")
            graph.addNode("Div", ["centred", "deviation"], "normalised")
        }

        mutating func convolve(
            _ features: String, _ name: String, _ shape: [Int]
        ) throws(QualityError) -> String {
            graph.addConstant(name + ".weight", try weights.tensor(name + ".weight", shape: shape))
            graph.addConstant(
                name + ".bias", try weights.tensor(name + ".bias", shape: [shape[0]]))
            let input = features == "pixels" ? "normalised" : features
            graph.addNode(
                "Conv", [input, name + ".weight", name + ".bias"], name + ".sum",
                attributes: ["pads": .integers([1, 1, 1, 1])])
            graph.addNode("Relu", [name + ".sum"], name)
            return name
        }

        /// The root of the weighted mean of squares, by a Hann window of 3×3, every second place.
        mutating func pool(_ features: String, stage: Int, channels: Int) -> String {
            let window: [Float] = [0.5, 1, 0.5]
            let kernel = window.flatMap { row in window.map { row * $0 / 4 } }
            let name = "pool\(stage)"
            add(name + ".kernel", [channels, 1, 3, 3], (0..<channels).flatMap { _ in kernel })
            graph.addNode("Mul", [features, features], name + ".square")
            graph.addNode(
                "Conv", [name + ".square", name + ".kernel"], name + ".mean",
                attributes: [
                    "pads": .integers([1, 1, 1, 1]), "strides": .integers([2, 2]),
                    "group": .integer(Int64(channels)),
                ])
            graph.addNode("Add", [name + ".mean", "least"], name + ".positive")
            graph.addNode("Sqrt", [name + ".positive"], name)
            return name
        }

        /// Adds alpha times how equal the means are, and beta times how alike the structures.
        mutating func compare(
            _ features: String, index: Int, channels: Int, start: inout Int
        ) throws(QualityError) {
            let name = "stage\(index)"
            let range = start..<start + channels
            start += channels
            add(name + ".alpha", [1, channels, 1, 1], Array(alpha.elements[range]))
            add(name + ".beta", [1, channels, 1, 1], Array(beta.elements[range]))
            func node(_ type: String, _ inputs: [String], _ output: String) -> String {
                graph.addNode(type, inputs, name + output)
                return name + output
            }
            let x = node("Slice", [features, "picture0", "picture1", "picture0"], ".x")
            let y = node("Slice", [features, "picture1", "picture2", "picture0"], ".y")
            let meanX = node("ReduceMean", [x, "space"], ".meanX")
            let meanY = node("ReduceMean", [y, "space"], ".meanY")
            let dX = node("Sub", [x, meanX], ".dX")
            let dY = node("Sub", [y, meanY], ".dY")
            func product(_ a: String, _ b: String, _ output: String) -> String {
                node("ReduceMean", [node("Mul", [a, b], output + ".all"), "space"], output)
            }
            let varianceX = product(dX, dX, ".vX")
            let varianceY = product(dY, dY, ".vY")
            let covariance = product(dX, dY, ".cov")
            let squareX = node("Mul", [meanX, meanX], ".mX2")
            let squareY = node("Mul", [meanY, meanY], ".mY2")
            let means = node("Mul", [meanX, meanY], ".mXY")
            func ratio(_ top: String, _ a: String, _ b: String, _ output: String) -> String {
                let double = node("Mul", [top, "two"], output + ".double")
                let above = node("Add", [double, "small"], output + ".above")
                let sum = node("Add", [a, b], output + ".sum")
                let below = node("Add", [sum, "small"], output + ".below")
                return node("Div", [above, below], output)
            }
            let first = ratio(means, squareX, squareY, ".s1")
            let second = ratio(covariance, varianceX, varianceY, ".s2")
            let weighted = node(
                "Add",
                [
                    node("Mul", [first, name + ".alpha"], ".w1"),
                    node("Mul", [second, name + ".beta"], ".w2"),
                ], ".weighted")
            _ = node("ReduceSum", [weighted, "channel"], ".similarity")
        }

        mutating func finish(count: Int) -> ONNXGraph {
            var sum = "stage0.similarity"
            for index in 1..<count {
                graph.addNode("Add", [sum, "stage\(index).similarity"], "sum\(index)")
                sum = "sum\(index)"
            }
            graph.addNode("Sub", ["whole", sum], DISTSGraph.output)
            graph.addOutput(DISTSGraph.output, shape: [1, 1, 1, 1])
            return graph
        }
    }
}
