internal import COpenVINO

typealias PortPointer = UnsafeMutablePointer<OpaquePointer?>

/// Reads the descriptions of all inputs or all outputs.
func ports(
    count: (UnsafeMutablePointer<Int>) -> pov_status_t,
    at place: (Int, PortPointer) -> pov_status_t
) throws(InferenceError) -> [Port] {
    var size = 0
    try check(unsafe count(&size))
    var ports = [Port]()
    for index in 0..<size {
        var pointer: OpaquePointer?
        try check(unsafe place(index, &pointer))
        guard let pointer = unsafe pointer else { throw .engine(reason: "no port \(index)") }
        ports.append(try port(unsafe PortOwner(pointer)))
    }
    return ports
}

private func port(_ owner: borrowing PortOwner) throws(InferenceError) -> Port {
    var text: UnsafeMutablePointer<CChar>?
    try check(unsafe pov_port_get_any_name(owner.pointer, &text))
    let name = unsafe take(text)
    var type: UInt32 = 0
    try check(unsafe pov_port_get_element_type(owner.pointer, &type))
    guard type == UInt32(POV_ELEMENT_F32) else { throw .elementType(port: name) }
    var partial = unsafe pov_partial_shape_t()
    try check(unsafe pov_port_get_partial_shape(owner.pointer, &partial))
    defer { unsafe pov_partial_shape_free(&partial) }
    guard unsafe partial.rank.min == partial.rank.max, let dimensions = unsafe partial.dims else {
        return Port(name: name, shape: [])
    }
    var shape = [Int?]()
    for index in 0..<Int(unsafe partial.rank.min) {
        let size = unsafe dimensions[index]
        shape.append(size.min == size.max ? Int(size.min) : nil)
    }
    return Port(name: name, shape: shape)
}
