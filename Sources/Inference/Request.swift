internal import COpenVINO

/// The state of one run of a model: its bound inputs and its outputs.
///
/// Not for several threads at once. Changing a shape between runs costs the engine 3–50 ms: keep
/// one request for each shape.
public final class Request {
    private let model: Model
    private let request: RequestOwner
    // What the engine reads in place, by the input's index.
    private var buffers: [TensorBuffer?]

    init(_ model: Model) throws(InferenceError) {
        self.model = model
        var pointer: OpaquePointer?
        try check(
            unsafe pov_compiled_model_create_infer_request(model.compiled.pointer, &pointer))
        guard let pointer = unsafe pointer else { throw .engine(reason: "no request") }
        request = unsafe RequestOwner(pointer)
        buffers = [TensorBuffer?](repeating: nil, count: model.inputs.count)
    }

    /// Lets an input read `buffer` in place from element `offset` on, in this and later runs.
    ///
    /// - Throws: ``InferenceError/noPort(_:)``; ``InferenceError/shape(port:expected:found:)`` where
    ///   the dimensions do not fit the input or do not lie inside the buffer.
    public func bind(
        _ buffer: TensorBuffer, offset: Int = 0, shape: [Int], to name: String
    ) throws(InferenceError) {
        guard let index = model.inputs.firstIndex(where: { $0.name == name }) else {
            throw .noPort(name)
        }
        guard model.inputs[index].accepts(shape), let count = elementCount(of: shape),
            offset >= 0, count <= buffer.count, offset <= buffer.count - count
        else {
            throw .shape(port: name, expected: model.inputs[index].shape, found: shape)
        }
        var dimensions = shape.map(Int64.init)
        var pointer: OpaquePointer?
        let status = unsafe dimensions.withUnsafeMutableBufferPointer { list in
            unsafe pov_tensor_create_from_host_ptr(
                UInt32(POV_ELEMENT_F32),
                pov_shape_t(rank: Int64(list.count), dims: list.baseAddress),
                buffer.address + offset * MemoryLayout<Float>.stride, &pointer)
        }
        try check(status)
        guard let pointer = unsafe pointer else { throw .engine(reason: "no tensor") }
        let tensor = unsafe TensorOwner(pointer)
        try check(
            unsafe pov_infer_request_set_input_tensor_by_index(
                request.pointer, index, tensor.pointer))
        buffers[index] = buffer
    }

    /// Runs the model on the bound inputs and waits for it.
    ///
    /// - Throws: ``InferenceError/unbound(port:)``, ``InferenceError/engine(reason:)``.
    public func run() throws(InferenceError) {
        if let index = buffers.firstIndex(where: { $0 == nil }) {
            throw .unbound(port: model.inputs[index].name)
        }
        try check(unsafe pov_infer_request_infer(request.pointer))
    }

    /// Reads an output of the last run in place: its dimensions and its elements.
    ///
    /// - Throws: ``InferenceError/noPort(_:)``, ``InferenceError/engine(reason:)``.
    public func withOutput<Result>(
        _ name: String, _ body: (_ shape: [Int], _ elements: Span<Float>) -> Result
    ) throws(InferenceError) -> Result {
        guard let index = model.outputs.firstIndex(where: { $0.name == name }) else {
            throw .noPort(name)
        }
        var pointer: OpaquePointer?
        try check(
            unsafe pov_infer_request_get_output_tensor_by_index(request.pointer, index, &pointer))
        guard let pointer = unsafe pointer else { throw .engine(reason: "no output") }
        let tensor = unsafe TensorOwner(pointer)
        var size = 0
        try check(unsafe pov_tensor_get_size(tensor.pointer, &size))
        var place: UnsafeMutableRawPointer?
        try check(unsafe pov_tensor_data(tensor.pointer, &place))
        guard let place = unsafe place else { throw .engine(reason: "empty output") }
        let elements = unsafe UnsafeBufferPointer(
            start: place.assumingMemoryBound(to: Float.self), count: size)
        return body(try dimensions(of: tensor), unsafe elements.span)
    }

    private func dimensions(of tensor: borrowing TensorOwner) throws(InferenceError) -> [Int] {
        var shape = unsafe pov_shape_t()
        try check(unsafe pov_tensor_get_shape(tensor.pointer, &shape))
        defer { _ = unsafe pov_shape_free(&shape) }
        guard let sizes = unsafe shape.dims else { return [] }
        return (0..<Int(unsafe shape.rank)).map { Int(unsafe sizes[$0]) }
    }
}
