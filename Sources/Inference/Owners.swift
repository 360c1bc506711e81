internal import COpenVINO

/// Owns the engine's core object.
@safe struct CoreOwner: ~Copyable {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }
    deinit { unsafe pov_core_free(pointer) }
}

/// Owns a model that was read and not yet compiled.
@safe struct ReadModelOwner: ~Copyable {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }
    deinit { unsafe pov_model_free(pointer) }
}

/// Owns a compiled model.
@safe struct CompiledModelOwner: ~Copyable {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }
    deinit { unsafe pov_compiled_model_free(pointer) }
}

/// Owns the state of one run of a compiled model.
@safe struct RequestOwner: ~Copyable {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }
    deinit { unsafe pov_infer_request_free(pointer) }
}

/// Owns a description of an input or output.
@safe struct PortOwner: ~Copyable {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }
    deinit { unsafe pov_output_const_port_free(pointer) }
}

/// Owns the engine's view of a tensor, not the memory behind it.
@safe struct TensorOwner: ~Copyable {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }
    deinit { unsafe pov_tensor_free(pointer) }
}
