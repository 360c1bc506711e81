import Inference
import Testing

@Suite("Graphs written in code")
struct ONNXGraphTests {
    @Test func aConvolutionWithPaddingAndBias() throws {
        var graph = ONNXGraph()
        graph.addInput("x", shape: [1, 1, nil, nil])
        graph.addConstant(
            "kernel",
            try #require(Tensor(shape: [1, 1, 3, 3], elements: [0, 1, 0, 1, 2, 1, 0, 1, 0])))
        graph.addConstant("bias", try #require(Tensor(shape: [1], elements: [-1])))
        graph.addNode(
            "Conv", ["x", "kernel", "bias"], "y",
            attributes: ["pads": .integers([1, 1, 1, 1]), "group": .integer(1)])
        graph.addNode("LeakyRelu", ["y"], "z", attributes: ["alpha": .float(0.5)])
        graph.addOutput("z", shape: [1, 1, nil, nil])
        let model = try Engine().model(
            onnx: graph.serialized(), name: "conv", options: Model.Options(precision: .float32))
        let x = try #require(Tensor(shape: [1, 1, 2, 3], elements: [1, 2, 3, -4, 5, 6]))
        let z = try #require(try model.run(["x": x])["z"])
        #expect(z.shape == [1, 1, 2, 3])
        // Twice the place plus its neighbours up, down, left and right, less one; half if negative.
        #expect(z.elements == [-0.5, 12, 13, -1.5, 13, 19])
    }
}
