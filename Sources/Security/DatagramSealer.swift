package import Crypto

/// Seals the datagrams of one direction (`Protocol/handshake.md`, section 4).
package struct DatagramSealer: Sendable {
    private var keys: EpochKeys
    private var epoch: UInt64 = 0
    private var latest: UInt64?

    /// Starts with the direction's key of a complete handshake.
    package init(secret: SymmetricKey) { keys = EpochKeys(secret: secret) }

    /// Seals `payload`.
    ///
    /// - Parameter packetNumber: Larger than any before: two datagrams under one number would give away both.
    package mutating func seal(
        _ payload: [UInt8], _ packetNumber: UInt64
    ) throws(SealingError) -> [UInt8] {
        guard packetNumber <= SecurityConstants.largestPacketNumber else { throw .exhausted }
        if let latest, packetNumber <= latest {
            throw .packetNumberNotNew(packetNumber, latest: latest)
        }
        let room = SecurityConstants.largestDatagram - SecurityConstants.overhead
        guard (1...room).contains(payload.count) else { throw .length(payload.count) }
        while packetNumber / SecurityConstants.epochLength > epoch {
            keys = EpochKeys(secret: keys.next)
            epoch += 1
        }
        latest = packetNumber
        let header = SealedHeader.bytes(for: packetNumber)
        let ciphertext = keys.combine(payload, packetNumber)
        return header + ciphertext + keys.tag(packetNumber, header: header, ciphertext)
    }
}
