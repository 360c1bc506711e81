import Crypto

/// The hash, the chaining key and the cipher of a handshake (Noise, section 5.2).
struct NoiseSymmetricState: Sendable {
    private var chainingKey: SymmetricKey
    private var hash: [UInt8]
    private var cipher: NoiseCipherState?

    init(protocolName: String) {
        let name = Array(protocolName.utf8)
        let length = SHA256.byteCount
        hash =
            name.count <= length
            ? name + Array(repeating: 0, count: length - name.count)
            : Array(SHA256.hash(data: name))
        chainingKey = SymmetricKey(data: hash)
    }

    mutating func mixHash(_ bytes: [UInt8]) { hash = Array(SHA256.hash(data: hash + bytes)) }

    mutating func mixKey(_ material: [UInt8]) {
        let keys = derive(2, from: material)
        chainingKey = keys[0]
        cipher = NoiseCipherState(key: keys[1])
    }

    mutating func mixKeyAndHash(_ material: [UInt8]) {
        let keys = derive(3, from: material)
        chainingKey = keys[0]
        mixHash(keys[1].bytes)
        cipher = NoiseCipherState(key: keys[2])
    }

    mutating func encryptAndHash(_ plaintext: [UInt8]) throws(NoiseError) -> [UInt8] {
        let ciphertext = try cipher?.encrypt(plaintext, authenticating: hash) ?? plaintext
        mixHash(ciphertext)
        return ciphertext
    }

    mutating func decryptAndHash(_ ciphertext: [UInt8]) throws(NoiseError) -> [UInt8] {
        let plaintext = try cipher?.decrypt(ciphertext, authenticating: hash) ?? ciphertext
        mixHash(ciphertext)
        return plaintext
    }

    /// The keys of the two directions, the initiator's first.
    func split() -> (SymmetricKey, SymmetricKey) {
        let keys = derive(2, from: [])
        return (keys[0], keys[1])
    }

    /// HKDF of section 4.3: HMAC chained over a counter, which is RFC 5869's with the chaining key as salt.
    private func derive(_ count: UInt8, from material: [UInt8]) -> [SymmetricKey] {
        let temporary = SymmetricKey(
            data: HMAC<SHA256>.authenticationCode(for: material, using: chainingKey))
        var output: [UInt8] = []
        return (1...count).map { index in
            output = Array(
                HMAC<SHA256>.authenticationCode(for: output + [index], using: temporary))
            return SymmetricKey(data: output)
        }
    }
}
