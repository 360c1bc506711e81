/// Writes the protocol-buffer wire format (varints and length-delimited fields), which ONNX uses.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    /// Writes an integer field.
    mutating func write(_ field: Int, _ value: Int64) {
        varint(UInt64(field) << 3)
        varint(UInt64(bitPattern: value))
    }

    /// Writes a float field.
    mutating func write(_ field: Int, _ value: Float) {
        varint(UInt64(field) << 3 | 5)
        withLittleEndianBytes(of: value.bitPattern) { bytes.append($0) }
    }

    /// Writes a text field.
    mutating func write(_ field: Int, _ text: String) {
        write(field, Array(text.utf8))
    }

    /// Writes a field of bytes.
    mutating func write(_ field: Int, _ content: [UInt8]) {
        varint(UInt64(field) << 3 | 2)
        varint(UInt64(content.count))
        bytes += content
    }

    /// Writes a field that is itself a message.
    mutating func write(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var message = ProtobufWriter()
        body(&message)
        write(field, message.bytes)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}

/// Gives the bytes of an integer, lowest first.
func withLittleEndianBytes<Value: FixedWidthInteger>(of value: Value, _ body: (UInt8) -> Void) {
    for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
        body(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
}
