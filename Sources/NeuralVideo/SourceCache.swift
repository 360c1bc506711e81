import Inference

/// What is kept of the sources: for each of the generator's inputs one block of memory in which
/// the sources lie one after another, so that the first N are a tensor with N entries.
struct SourceCache {
    /// One input of the generator that is kept for each source.
    struct Entry {
        let name: String
        let tail: [Int]
        let elements: Int
        let buffer: TensorBuffer
    }

    let entries: [Entry]

    /// Makes room for `capacity` sources; pages are only taken once they are written.
    init(_ ports: [Port], capacity: Int) throws(InferenceError) {
        var entries = [Entry]()
        for port in ports {
            guard port.shape.count > 1, let elements = port.elementsPerEntry else {
                throw .shape(port: port.name, expected: port.shape, found: [])
            }
            entries.append(
                Entry(
                    name: port.name, tail: port.shape.dropFirst().compactMap { $0 },
                    elements: elements, buffer: try TensorBuffer(count: elements * capacity)))
        }
        self.entries = entries
    }

    /// Copies what the encoder last gave into a slot.
    func store(_ encoder: SourceEncoder, inSlot slot: Int) throws(InferenceError) {
        for entry in entries {
            let found = try encoder.withTensor(entry.name) { source in
                guard source.count == entry.elements else { return source.count }
                entry.buffer.write(source, at: slot * entry.elements)
                return entry.elements
            }
            guard found == entry.elements else {
                throw .shape(
                    port: entry.name, expected: [1] + entry.tail, found: [found])
            }
        }
    }

    /// Copies one slot over another.
    func move(from source: Int, to destination: Int) {
        guard source != destination else { return }
        for entry in entries {
            entry.buffer.copy(
                from: source * entry.elements, to: destination * entry.elements,
                length: entry.elements)
        }
    }

    /// Lets a request read the first `count` sources from here.
    func bind(first count: Int, to request: Request) throws(InferenceError) {
        for entry in entries {
            try request.bind(entry.buffer, shape: [count] + entry.tail, to: entry.name)
        }
    }
}
