import FoundationEssentials
package import Inference

/// The tensors of a safetensors file (github.com/huggingface/safetensors, "Format").
///
/// Eight bytes give the length of a JSON header, little-endian; it names each tensor with its type,
/// dimensions and place in what follows. Only 32-bit floats are read.
package struct Safetensors {
    /// The format's own limit on its header.
    private static let largestHeader = 100_000_000

    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let offsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype
            case shape
            case offsets = "data_offsets"
        }
    }

    /// The header's entries; the free-form `__metadata__` among them is passed over.
    private struct Header: Decodable {
        let entries: [String: Entry]

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            var entries = [String: Entry]()
            for key in container.allKeys where key.stringValue != "__metadata__" {
                entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
            }
            self.entries = entries
        }
    }

    private let path: String
    private let content: [UInt8]
    private let start: Int
    private let entries: [String: Entry]

    /// Reads a file and its header.
    ///
    /// - Throws: ``QualityError/unreadable(path:)``, ``QualityError/malformed(path:reason:)``.
    package init(path: String) throws(QualityError) {
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .unreadable(path: path)
        }
        try self.init(bytes, path: path)
    }

    /// Reads the header; `path` is for error messages.
    package init(_ bytes: [UInt8], path: String) throws(QualityError) {
        guard bytes.count >= 8 else { throw .malformed(path: path, reason: "no header") }
        var length: UInt64 = 0
        for (index, byte) in bytes.prefix(8).enumerated() {
            length |= UInt64(byte) << UInt64(8 * index)
        }
        guard length <= UInt64(min(bytes.count - 8, Self.largestHeader)) else {
            throw .malformed(path: path, reason: "its header is longer than the file")
        }
        start = 8 + Int(length)
        self.path = path
        content = bytes
        do {
            let text = Data(bytes[8..<start])
            entries = try JSONDecoder().decode(Header.self, from: text).entries
        } catch {
            throw .malformed(path: path, reason: "its header is no list of tensors")
        }
    }

    /// A tensor of the given dimensions.
    ///
    /// - Throws: ``QualityError/tensor(path:name:)`` where there is none; or where it does not lie
    ///   within the file, ``QualityError/malformed(path:reason:)``.
    package func tensor(_ name: String, shape: [Int]) throws(QualityError) -> Tensor {
        guard let entry = entries[name], entry.dtype == "F32", entry.shape == shape else {
            throw .tensor(path: path, name: name)
        }
        let count = shape.reduce(1, *)
        guard entry.offsets.count == 2, entry.offsets[0] >= 0,
            entry.offsets[1] <= content.count - start,
            entry.offsets[0] <= entry.offsets[1],
            entry.offsets[1] - entry.offsets[0] == count * 4
        else { throw .malformed(path: path, reason: "\"\(name)\" does not lie within it") }
        let first = start + entry.offsets[0]
        var elements = [Float]()
        elements.reserveCapacity(count)
        for index in 0..<count {
            let place = first + 4 * index
            var bits = UInt32(content[place])
            bits |= UInt32(content[place + 1]) << 8
            bits |= UInt32(content[place + 2]) << 16
            bits |= UInt32(content[place + 3]) << 24
            elements.append(Float(bitPattern: bits))
        }
        guard let tensor = Tensor(shape: shape, elements: elements) else {
            throw .tensor(path: path, name: name)
        }
        return tensor
    }
}
