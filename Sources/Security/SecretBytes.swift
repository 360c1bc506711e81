import Crypto

extension SymmetricKey {
    /// A copy of the key, for hashing; let it die soon.
    var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

extension SharedSecret {
    /// A copy of the secret, for hashing; let it die soon.
    var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

extension RandomNumberGenerator {
    /// 32 bytes for a key.
    mutating func secret() -> [UInt8] {
        (0..<4).flatMap { _ in
            let word = next()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
    }
}
