/// Why a text is not a key file's; says nothing of what the text holds.
public enum KeyTextError: Error, Hashable, Sendable {
    /// The first line is not the one of this kind of key.
    case header(expected: String)
    /// The second line is not 64 hexadecimal digits, or more follows.
    case digits
    /// The digits are not a key.
    case notAKey
}

extension KeyTextError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .header(let expected): "its first line is not \"\(expected)\""
        case .digits: "its second and last line is not a key of 64 hexadecimal digits"
        case .notAKey: "its digits are not a public key"
        }
    }
}
