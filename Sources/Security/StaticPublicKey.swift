package import Crypto

/// The public half of the other end's lasting key.
public struct StaticPublicKey: Sendable {
    package let key: Curve25519.KeyAgreement.PublicKey

    /// Reads a key from the text of a key file.
    public init(text: String) throws(KeyTextError) {
        let bytes = try KeyText.staticPublic.parse(text)
        do {
            key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes)
            // A point of small order shows itself with any private key.
            _ = try Curve25519.KeyAgreement.PrivateKey.made(of: bytes).secret(with: key)
        } catch {
            throw .notAKey
        }
    }

    package init(key: Curve25519.KeyAgreement.PublicKey) { self.key = key }

    /// The text of the public key's file, which anybody may read.
    public var text: String { KeyText.staticPublic.text(of: Array(key.rawRepresentation)) }
}
