/// The arithmetic inside a network; what goes in and comes out is always 32-bit floats.
public enum Precision: Hashable, Sendable {
    /// IEEE 754 binary32.
    case float32
    /// bfloat16: twice as fast where the processor has it, three significant digits.
    case bfloat16
    /// ``bfloat16`` where the processor has it, otherwise ``float32``.
    case automatic
}
