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
