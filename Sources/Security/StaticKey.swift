package import Crypto

/// The lasting key of one end: its public half may be known to all, the private one to nobody else.
///
/// Says nothing of itself in logs.
public struct StaticKey: Sendable {
    package let key: Curve25519.KeyAgreement.PrivateKey

    /// Draws a key; `random` must be fit for secrets, as the system's is.
    public init(using random: inout some RandomNumberGenerator) {
        key = .drawn(using: &random)
    }

    /// Reads a key from the text of a key file.
    public init(text: String) throws(KeyTextError) {
        key = .made(of: try KeyText.staticPrivate.parse(text))
    }

    /// The text of the private key's file; only for that file.
    public var text: String { KeyText.staticPrivate.text(of: Array(key.rawRepresentation)) }

    /// The half for the other end.
    public var publicKey: StaticPublicKey { StaticPublicKey(key: key.publicKey) }
}

extension StaticKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "a static private key" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
