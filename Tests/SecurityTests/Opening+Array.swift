import Media
import Security

extension DatagramOpener {
    /// Opens an array: inside of a test's macros a span would outlive what it points to.
    mutating func open(_ bytes: [UInt8]) throws -> (packetNumber: UInt64, payload: [UInt8]) {
        try open(bytes.span)
    }
}

extension InitiatingChannel {
    mutating func receive(
        _ bytes: [UInt8], from address: NetworkAddress, at now: Instant
    ) -> OpenedDatagram? {
        receive(bytes.span, from: address, at: now)
    }
}

extension RespondingChannel {
    mutating func receive(
        _ bytes: [UInt8], from address: NetworkAddress, at now: Instant
    ) -> OpenedDatagram? {
        receive(bytes.span, from: address, at: now)
    }
}
