import Crypto

extension Curve25519.KeyAgreement.PrivateKey {
    /// A key of 32 random bytes; `random` must be fit for secrets.
    static func drawn(using random: inout some RandomNumberGenerator) -> Self {
        made(of: random.secret())
    }

    static func made(of bytes: [UInt8]) -> Self {
        do {
            return try Self(rawRepresentation: bytes)
        } catch {
            preconditionFailure("any 32 bytes are a private key of Curve25519: \(error)")
        }
    }

    /// The secret that this key and the other end's public key make.
    ///
    /// swift-crypto lets points of small order through, which give zero with every key; here they are errors
    /// (RFC 7748, section 6.1), so that nobody makes a handshake whose keys all can compute.
    func secret(with peer: Curve25519.KeyAgreement.PublicKey) throws(NoiseError) -> [UInt8] {
        do {
            let secret = try sharedSecretFromKeyAgreement(with: peer).bytes
            if secret.reduce(0, |) != 0 { return secret }
        } catch {}
        throw .weakPublicKey
    }
}
