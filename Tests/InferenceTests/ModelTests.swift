import Inference
import Testing

@Suite("Models")
struct ModelTests {
    let engine: Engine

    init() throws { engine = try Engine() }

    /// `total = sum over rows of x · gain`, for any number of rows.
    static func weightedSum() -> ONNXGraph {
        var graph = ONNXGraph()
        graph.addInput("x", shape: [nil, 3])
        graph.addInput("gain", shape: [1, 3])
        graph.addConstant("axis", integers: [0])
        graph.addNode("Mul", ["x", "gain"], "scaled")
        graph.addNode("ReduceSum", ["scaled", "axis"], "total")
        graph.addOutput("total", shape: [1, 3])
        return graph
    }

    func weightedSum() throws -> Model {
        try engine.model(
            onnx: Self.weightedSum().serialized(), name: "weighted sum",
            options: Model.Options(precision: .float32))
    }

    @Test func portsAreReadFromTheModel() throws {
        let model = try weightedSum()
        #expect(
            model.inputs == [Port(name: "x", shape: [nil, 3]), Port(name: "gain", shape: [1, 3])])
        #expect(model.outputs.map(\.name) == ["total"])
        #expect(model.precision == .float32)
    }

    @Test(arguments: [1, 2, 8])
    func anyNumberOfRowsRuns(rows: Int) throws {
        let x = try #require(
            Tensor(shape: [rows, 3], elements: (0..<rows * 3).map { Float($0) }))
        let gain = try #require(Tensor(shape: [1, 3], elements: [1, -2, 0.5]))
        let total = try #require(try weightedSum().run(["x": x, "gain": gain])["total"])
        // Column c of row r is 3r + c.
        let expected = [Float(1), -2, 0.5].enumerated().map { column, factor in
            (0..<rows).reduce(Float(0)) { $0 + Float(3 * $1 + column) * factor }
        }
        #expect(total == Tensor(shape: [1, 3], elements: expected))
    }

    @Test func aRequestReadsItsBuffersInPlaceAndFromAnOffset() throws {
        let request = try weightedSum().makeRequest()
        let rows = try TensorBuffer(count: 9)
        let gain = try TensorBuffer(count: 3)
        try request.bind(rows, offset: 3, shape: [2, 3], to: "x")
        try request.bind(gain, shape: [1, 3], to: "gain")
        gain.withMutableElements { place in
            for index in 0..<3 { place[index] = 1 }
        }
        for start in [Float(0), 10] {
            rows.withMutableElements { place in
                for index in 0..<9 { place[index] = start + Float(index) }
            }
            try request.run()
            let total = try request.withOutput("total") { shape, elements in
                #expect(shape == [1, 3])
                return elements.indices.map { elements[$0] }
            }
            #expect(total == [9 + 2 * start, 11 + 2 * start, 13 + 2 * start])
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let request = try weightedSum().makeRequest()
        let buffer = try TensorBuffer(count: 6)
        #expect(throws: InferenceError.noPort("y")) {
            try request.bind(buffer, shape: [2, 3], to: "y")
        }
        for shape in [[2, 4], [6], [2, 3, 1], [0, 3], [-2, 3], [3, 3], [Int.max, 3]] {
            #expect(throws: InferenceError.shape(port: "x", expected: [nil, 3], found: shape)) {
                try request.bind(buffer, shape: shape, to: "x")
            }
        }
        for offset in [1, -1, .max] {
            #expect(throws: InferenceError.shape(port: "x", expected: [nil, 3], found: [2, 3])) {
                try request.bind(buffer, offset: offset, shape: [2, 3], to: "x")
            }
        }
        try request.bind(buffer, shape: [2, 3], to: "x")
        #expect(throws: InferenceError.unbound(port: "gain")) { try request.run() }
        #expect(throws: InferenceError.noPort("sum")) {
            try request.withOutput("sum") { _, _ in }
        }
    }

    @Test func missingFilesAndFoldersAreRefused() {
        for path in ["/nowhere/model.onnx", "/", ""] {
            #expect(throws: InferenceError.unreadable(path: path)) { try engine.model(at: path) }
        }
    }

    @Test func everyTruncationOfAModelIsRefusedOrRuns() throws {
        let bytes = Self.weightedSum().serialized()
        for length in 0..<bytes.count {
            expectRefusalOrModel(Array(bytes.prefix(length)))
        }
    }

    @Test func everyChangedByteOfAModelIsRefusedOrRuns() throws {
        let bytes = Self.weightedSum().serialized()
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 0xA5
            expectRefusalOrModel(changed)
        }
    }

    /// Loading may succeed; where it does not, it is for one of these reasons.
    private func expectRefusalOrModel(_ bytes: [UInt8]) {
        do throws(InferenceError) {
            let model = try engine.model(onnx: bytes, name: "broken")
            #expect(model.outputs.count <= 1)
        } catch {
            switch error {
            case .invalidModel, .elementType, .engine: break
            default: Issue.record("\(error)")
            }
        }
    }

    @Test func bfloat16IsChosenOnlyWhereTheProcessorHasIt() throws {
        let bytes = Self.weightedSum().serialized()
        let automatic = try engine.model(onnx: bytes, name: "automatic")
        #expect(automatic.precision == (engine.supportsBFloat16 ? .bfloat16 : .float32))
        let options = Model.Options(precision: .bfloat16)
        if engine.supportsBFloat16 {
            #expect(
                try engine.model(onnx: bytes, name: "b", options: options).precision == .bfloat16)
        } else {
            #expect(throws: InferenceError.bfloat16Unsupported) {
                try engine.model(onnx: bytes, name: "b", options: options)
            }
        }
    }
}
