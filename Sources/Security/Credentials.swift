/// What an end proves itself with.
public enum Credentials: Sendable {
    /// A key that both ends share (Noise pattern NNpsk0).
    case shared(PreSharedKey)
    /// The ends' static keys, known to each other beforehand, and a shared key where there is one (KKpsk0).
    case statics(own: StaticKey, peer: StaticPublicKey, shared: PreSharedKey?)

    /// Starts a handshake.
    func handshake(as role: NoiseHandshake.Role) -> NoiseHandshake {
        let prologue = Array("Pantograph \(SecurityConstants.version)".utf8)
        var keys = NoiseHandshake.Keys(preShared: PreSharedKey.none.key)
        switch self {
        case .shared(let shared):
            keys.preShared = shared.key
            return NoiseHandshake(.nnPSK0, as: role, prologue: prologue, keys: keys)
        case .statics(let own, let peer, let shared):
            if let shared { keys.preShared = shared.key }
            keys.statics = (own.key, peer.key)
            return NoiseHandshake(.kkPSK0, as: role, prologue: prologue, keys: keys)
        }
    }
}
