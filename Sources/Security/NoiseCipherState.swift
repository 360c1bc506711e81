package import Crypto

/// A key and the number of messages that it has sealed (Noise, section 5.1).
package struct NoiseCipherState: Sendable {
    private let key: SymmetricKey
    private var nonce: UInt64 = 0

    /// What sealing adds to a message.
    package static let tagLength = 16

    /// Starts with nonce 0.
    package init(key: SymmetricKey) { self.key = key }

    /// Seals a message under the next nonce.
    package mutating func encrypt(
        _ plaintext: [UInt8], authenticating more: [UInt8]
    ) throws(NoiseError) -> [UInt8] {
        let nonce = try takeNonce()
        do {
            let box = try ChaChaPoly.seal(
                plaintext, using: key, nonce: .init(packetNumber: nonce), authenticating: more)
            return Array(box.ciphertext) + Array(box.tag)
        } catch {
            preconditionFailure(
                "ChaCha20-Poly1305 seals any message of a datagram's length: \(error)")
        }
    }

    /// Opens a message under the next nonce, which a message that is not authentic does not use up.
    package mutating func decrypt(
        _ ciphertext: [UInt8], authenticating more: [UInt8]
    ) throws(NoiseError) -> [UInt8] {
        guard ciphertext.count >= Self.tagLength else { throw .truncated }
        var next = self
        let nonce = try next.takeNonce()
        do {
            let box = try ChaChaPoly.SealedBox(
                nonce: .init(packetNumber: nonce), ciphertext: ciphertext.dropLast(Self.tagLength),
                tag: ciphertext.suffix(Self.tagLength))
            let plaintext = Array(try ChaChaPoly.open(box, using: key, authenticating: more))
            self = next
            return plaintext
        } catch {
            throw .notAuthentic
        }
    }

    private mutating func takeNonce() throws(NoiseError) -> UInt64 {
        // The largest one is reserved (section 5.1).
        guard nonce < .max else { throw .nonceExhausted }
        defer { nonce += 1 }
        return nonce
    }
}
