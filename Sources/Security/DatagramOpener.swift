package import Crypto

/// Opens the datagrams of one direction, each at most once (`Protocol/handshake.md`, section 4).
package struct DatagramOpener: Sendable {
    /// Why a datagram was not opened; each is a count and no more.
    package enum Failure: Error, Hashable, Sendable {
        /// Too short or too long for a sealed datagram.
        case malformed
        /// It has been opened before, or is older than the window reaches.
        case replayed
        /// Its tag is not one of this connection's.
        case forged
        /// So many have failed that the connection opens nothing any more.
        case closed
    }

    /// The largest packet number that was opened.
    package private(set) var largest: UInt64?
    private var current: EpochKeys
    /// Ready beforehand, so that a forged datagram cannot make this end derive keys.
    private var following: EpochKeys
    /// Kept until the window has left its epoch.
    private var previous: EpochKeys?
    private var epoch: UInt64 = 0
    private var window = ReplayWindow()
    private var budget: UInt64

    /// Starts with the direction's key of a complete handshake.
    package init(
        secret: SymmetricKey, forgeryBudget: UInt64 = SecurityConstants.forgeryBudget
    ) {
        current = EpochKeys(secret: secret)
        following = EpochKeys(secret: current.next)
        budget = forgeryBudget
    }

    /// Whether the forgery budget is spent.
    package var isClosed: Bool { budget == 0 }

    /// Opens a datagram from the network; `bytes` may be anything.
    package mutating func open(
        _ bytes: Span<UInt8>
    ) throws(Failure) -> (packetNumber: UInt64, payload: [UInt8]) {
        guard budget > 0 else { throw .closed }
        guard
            bytes.count > SecurityConstants.overhead,
            bytes.count <= SecurityConstants.largestDatagram
        else { throw .malformed }
        let number = SealedHeader.packetNumber(in: bytes, after: largest)
        guard number <= SecurityConstants.largestPacketNumber else { throw .malformed }
        guard window.isNew(number), let keys = keys(of: number) else { throw .replayed }
        let end = bytes.count - SecurityConstants.tagLength
        let header = bytes.array(0..<SecurityConstants.headerLength)
        let ciphertext = bytes.array(SecurityConstants.headerLength..<end)
        let tag = keys.tag(number, header: header, ciphertext)
        // All bytes are compared, whatever the first ones say: time tells a forger nothing.
        var difference: UInt8 = 0
        for index in tag.indices { difference |= tag[index] ^ bytes[end + index] }
        guard difference == 0 else {
            budget -= 1
            throw .forged
        }
        accept(number)
        return (number, keys.combine(ciphertext, number))
    }

    private func keys(of number: UInt64) -> EpochKeys? {
        switch number / SecurityConstants.epochLength {
        case epoch: current
        case epoch + 1: following
        case let earlier where earlier + 1 == epoch: previous
        default: nil
        }
    }

    private mutating func accept(_ number: UInt64) {
        window.insert(number)
        largest = max(largest ?? 0, number)
        if number / SecurityConstants.epochLength > epoch {
            previous = current
            current = following
            following = EpochKeys(secret: current.next)
            epoch += 1
        }
        if number % SecurityConstants.epochLength >= SecurityConstants.replayWindow,
            number / SecurityConstants.epochLength == epoch
        {
            previous = nil
        }
    }
}
