import Inference
import Testing

@Suite("Tensors")
struct TensorTests {
    @Test func elementsMustFillTheDimensions() {
        #expect(Tensor(shape: [2, 3], elements: [Float](repeating: 1, count: 6)) != nil)
        #expect(Tensor(shape: [], elements: [1]) != nil)
        #expect(Tensor(shape: [2, 3], elements: [1]) == nil)
        #expect(Tensor(shape: [-1, -1], elements: [1]) == nil)
        #expect(Tensor(shape: [.max, .max], elements: []) == nil)
    }

    @Test func aBufferIsZeroUntilWritten() throws {
        let buffer = try TensorBuffer(count: 1000)
        #expect(buffer.withElements { span in span.indices.allSatisfy { span[$0] == 0 } })
        buffer.withMutableElements { $0[999] = 4 }
        #expect(buffer.withElements { $0[999] } == 4)
    }

    @Test func copyingStaysInsideTheBuffer() throws {
        let buffer = try TensorBuffer(count: 5)
        let numbers: [Float] = [1, 2, 3]
        buffer.write(numbers.span)
        buffer.write(numbers.span, at: 3)
        for offset in [-1, 5, .max, .min] { buffer.write(numbers.span, at: offset) }
        #expect(buffer.withElements { span in span.indices.map { span[$0] } } == [1, 2, 3, 1, 2])
        buffer.copy(from: 3, to: 1, length: 2)
        for (source, destination, length) in [
            (4, 0, 2), (0, 4, 2), (-1, 0, 2), (0, 0, -1), (0, 0, 6),
        ] {
            buffer.copy(from: source, to: destination, length: length)
        }
        #expect(buffer.withElements { span in span.indices.map { span[$0] } } == [1, 1, 2, 1, 2])

        let other = try TensorBuffer(count: 3)
        other.copy(from: buffer, 1, to: 0, length: 2)
        for (source, destination, length) in [
            (4, 0, 2), (0, 2, 2), (-1, 0, 2), (0, -1, 2), (0, 0, -1), (0, 0, 4), (.max, 0, 1),
        ] {
            other.copy(from: buffer, source, to: destination, length: length)
        }
        #expect(other.withElements { span in span.indices.map { span[$0] } } == [1, 2, 0])
    }

    @Test func noMemoryIsAnError() {
        for count in [Int.max, Int.max / 4] {
            #expect(throws: InferenceError.self) { try TensorBuffer(count: count) }
        }
    }

    @Test func aPortAcceptsItsFixedDimensionsOnly() {
        let port = Port(name: "p", shape: [nil, 4, 2])
        #expect(port.accepts([1, 4, 2]))
        #expect(port.accepts([9, 4, 2]))
        #expect(!port.accepts([9, 4, 3]))
        #expect(!port.accepts([9, 4]))
        #expect(!port.accepts([0, 4, 2]))
        #expect(port.elementsPerEntry == 8)
        #expect(Port(name: "p", shape: [1, nil]).elementsPerEntry == nil)
    }
}
