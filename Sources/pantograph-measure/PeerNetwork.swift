import Inference

/// A network of others, run on made-up numbers to see how long it takes.
struct PeerNetwork {
    /// Why it cannot be run.
    enum Failure: Error, CustomStringConvertible {
        case openShape(file: String, input: String)

        var description: String {
            switch self {
            case .openShape(let file, let input):
                "\(file) takes an input \"\(input)\" of any size: export it with fixed sizes"
            }
        }
    }

    private let request: Request

    /// Loads an ONNX file whose inputs have fixed sizes, and fills them with numbers in 0…1.
    init(_ path: String, engine: Engine, options: Model.Options) throws {
        let model = try engine.model(at: path, options: options)
        request = try model.makeRequest()
        for port in model.inputs {
            let shape = port.shape.compactMap { $0 }
            guard shape.count == port.shape.count else {
                throw Failure.openShape(file: path, input: port.name)
            }
            let buffer = try TensorBuffer(count: shape.reduce(1, *))
            buffer.withMutableElements { elements in
                for index in elements.indices {
                    // Multiples of the golden section spread evenly and are never all alike.
                    let spread = Double(index + 1) * 0.618_033_988_75
                    elements[index] = Float(spread - spread.rounded(.down))
                }
            }
            try request.bind(buffer, shape: shape, to: port.name)
        }
    }

    /// Runs the network once.
    func run() throws { try request.run() }
}
