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
    /// What the generator reads: copies of the slots that are in use.
    private var used: [Entry]
    private var copied: [Int?]

    /// Makes room for `capacity` sources, of which `usedCount` are read at a time; pages are only taken once
    /// they are written.
    init(_ ports: [Port], capacity: Int, usedCount: Int) throws(InferenceError) {
        func entries(_ count: Int) throws(InferenceError) -> [Entry] {
            var entries = [Entry]()
            for port in ports {
                guard port.shape.count > 1, let elements = port.elementsPerEntry else {
                    throw .shape(port: port.name, expected: port.shape, found: [])
                }
                entries.append(
                    Entry(
                        name: port.name, tail: port.shape.dropFirst().compactMap { $0 },
                        elements: elements, buffer: try TensorBuffer(count: elements * count)))
            }
            return entries
        }
        self.entries = try entries(capacity)
        used = try entries(usedCount)
        copied = Array(repeating: nil, count: usedCount)
    }

    /// Lets these slots, no more than `usedCount`, be what is read. Those that are read already stay where
    /// they are: from one picture to the next mostly all do, and the order means nothing.
    mutating func use(_ slots: [Int]) {
        var missing = slots.filter { !copied.prefix(slots.count).contains($0) }
        for place in slots.indices where copied[place].map({ !slots.contains($0) }) ?? true {
            let slot = missing.removeFirst()
            for (entry, target) in zip(entries, used) {
                target.buffer.copy(
                    from: entry.buffer, slot * entry.elements,
                    to: place * entry.elements, length: entry.elements)
            }
            // It may lie at a place that is not read at present, which must not count twice later.
            changed(slot)
            copied[place] = slot
        }
    }

    /// What a slot held is no more.
    private mutating func changed(_ slot: Int) {
        for place in copied.indices where copied[place] == slot { copied[place] = nil }
    }

    /// Copies what the encoder last gave into a slot.
    mutating func store(_ encoder: SourceEncoder, inSlot slot: Int) throws(InferenceError) {
        changed(slot)
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
    mutating func move(from source: Int, to destination: Int) {
        changed(source)
        guard source != destination else { return }
        changed(destination)
        for entry in entries {
            entry.buffer.copy(
                from: source * entry.elements, to: destination * entry.elements,
                length: entry.elements)
        }
    }

    /// Lets a request read the first `count` of those that ``use(_:)`` names.
    func bind(first count: Int, to request: Request) throws(InferenceError) {
        for entry in used {
            try request.bind(entry.buffer, shape: [count] + entry.tail, to: entry.name)
        }
    }
}
