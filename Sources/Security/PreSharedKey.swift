package import Crypto

/// A secret of 32 bytes that both ends of a call have, and nobody else.
///
/// Says nothing of itself in logs: its description is the same for all keys.
public struct PreSharedKey: Sendable {
    package let key: SymmetricKey

    /// How many bytes a key has.
    public static let length = 32

    /// Draws a key; `random` must be fit for secrets, as the system's is.
    public init(using random: inout some RandomNumberGenerator) {
        key = SymmetricKey(data: random.secret())
    }

    /// Reads a key from the text of a key file.
    public init(text: String) throws(KeyTextError) {
        key = SymmetricKey(data: try KeyText.shared.parse(text))
    }

    package init(key: SymmetricKey) { self.key = key }

    /// The text of a key file; only for that file.
    public var text: String { KeyText.shared.text(of: key.bytes) }

    /// Noise's patterns with a shared key take this where there is none, as WireGuard does.
    package static let none = PreSharedKey(
        key: SymmetricKey(data: [UInt8](repeating: 0, count: length)))
}

extension PreSharedKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "a pre-shared key" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
