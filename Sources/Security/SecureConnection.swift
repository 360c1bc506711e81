import Crypto
package import Media

/// A peer whose keys this end has: seals for it and opens what it sends.
package struct SecureConnection: Sendable {
    private var sealer: DatagramSealer
    private var opener: DatagramOpener
    /// Where the peer is, as its newest authentic datagram says.
    package private(set) var address: NetworkAddress
    /// When the peer was last heard.
    package private(set) var latestHeard: Instant
    /// What the peer brings.
    package let terms: HandshakeTerms

    /// Takes the keys of a complete handshake.
    init(
        _ handshake: NoiseHandshake, as role: NoiseHandshake.Role, terms: HandshakeTerms,
        forgeryBudget: UInt64, to address: NetworkAddress, at now: Instant
    ) {
        let keys = handshake.split()
        let isInitiator = role == .initiator
        sealer = DatagramSealer(secret: isInitiator ? keys.toResponder : keys.toInitiator)
        opener = DatagramOpener(
            secret: isInitiator ? keys.toInitiator : keys.toResponder, forgeryBudget: forgeryBudget)
        self.address = address
        self.terms = terms
        latestHeard = now
    }

    var isClosed: Bool { opener.isClosed }

    mutating func seal(
        _ payload: [UInt8], _ packetNumber: UInt64
    ) throws(SealingError) -> [UInt8] {
        try sealer.seal(payload, packetNumber)
    }

    /// Opens a datagram, counts what happened, and follows the peer where it has a new address.
    mutating func open(
        _ bytes: Span<UInt8>, from address: NetworkAddress, at now: Instant,
        counting statistics: inout SecurityStatistics
    ) -> OpenedDatagram? {
        let before = opener.largest
        do {
            let (packetNumber, payload) = try opener.open(bytes)
            statistics.opened += 1
            latestHeard = now
            // Only the newest datagram tells where the peer is: an old one may have been held back.
            if before.map({ packetNumber > $0 }) ?? true, address != self.address {
                if before != nil { statistics.addressChanges += 1 }
                self.address = address
            }
            return OpenedDatagram(packetNumber: packetNumber, payload: payload, address: address)
        } catch {
            switch error {
            case .malformed: statistics.malformed += 1
            case .replayed: statistics.replayed += 1
            case .forged, .closed: statistics.forged += 1
            }
            return nil
        }
    }
}
