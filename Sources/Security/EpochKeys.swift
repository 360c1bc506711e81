import Crypto

/// The keys of one direction for 65,536 datagrams.
struct EpochKeys: Sendable {
    private let cipher: SymmetricKey
    /// Keyed once: a datagram starts from a copy.
    private let authenticator: HMAC<SHA256>
    /// The secret of the next epoch; none leads back from it to this one.
    let next: SymmetricKey

    init(secret: SymmetricKey) {
        let version = SecurityConstants.version
        func key(_ label: String) -> SymmetricKey {
            HKDF<SHA256>.expand(
                pseudoRandomKey: secret, info: Array("pantograph \(version) \(label)".utf8),
                outputByteCount: 32)
        }
        cipher = key("cipher")
        authenticator = HMAC(key: key("tag"))
        next = key("next")
    }

    /// The bytes combined with the key stream of a packet number: seals and opens alike.
    ///
    /// ChaCha20 as RFC 8439, section 2.8, uses it (block counter from 1). The library offers it only with
    /// the 16-byte tag of the same section, which is thrown away; ours is in ``tag(_:header:_:)``.
    func combine(_ bytes: [UInt8], _ packetNumber: UInt64) -> [UInt8] {
        do {
            let box = try ChaChaPoly.seal(
                bytes, using: cipher, nonce: .init(packetNumber: packetNumber))
            return Array(box.ciphertext)
        } catch {
            preconditionFailure("ChaCha20 takes anything of a datagram's length: \(error)")
        }
    }

    /// The first eight bytes of HMAC-SHA256 over packet number, header and ciphertext.
    func tag(_ packetNumber: UInt64, header: [UInt8], _ ciphertext: [UInt8]) -> [UInt8] {
        var authenticator = authenticator
        var prefix = (0..<8).map { UInt8(truncatingIfNeeded: packetNumber >> (56 - $0 * 8)) }
        prefix += header
        authenticator.update(data: prefix)
        authenticator.update(data: ciphertext)
        return Array(authenticator.finalize().prefix(SecurityConstants.tagLength))
    }
}
