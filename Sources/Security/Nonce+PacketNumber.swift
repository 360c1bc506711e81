package import Crypto

extension ChaChaPoly.Nonce {
    /// Four zero bytes, then the number, least significant byte first (Noise, section 12.2).
    package init(packetNumber: UInt64) {
        let bytes =
            [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: packetNumber >> ($0 * 8)) }
        do {
            try self.init(data: bytes)
        } catch {
            preconditionFailure("twelve bytes are a nonce: \(error)")
        }
    }
}
