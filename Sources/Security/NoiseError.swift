/// Why bytes are not the next message of a Noise handshake, or of a transport cipher.
package enum NoiseError: Error, Hashable, Sendable {
    /// The message ends inside a key or a tag.
    case truncated
    /// Nobody with the right keys has made this message, or somebody has altered it.
    case notAuthentic
    /// The peer's public key is one of the few that give the same secret with every private key.
    case weakPublicKey
    /// A cipher has used all its nonces.
    case nonceExhausted
}
