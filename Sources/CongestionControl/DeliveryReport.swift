public import Media

/// What an acknowledgement tells of the way there.
public struct DeliveryReport: Hashable, Sendable {
    /// The newest packet that has arrived: how large it was on the wire, headers counted, when it went
    /// out, and when it came on the receiver's clock, in milliseconds modulo 65536; nothing where an
    /// earlier report told.
    public struct Newest: Hashable, Sendable {
        public let size: DataSize
        public let sent: Instant
        public let arrival: UInt16

        /// Makes one.
        public init(size: DataSize, sent: Instant, arrival: UInt16) {
            self.size = size
            self.sent = sent
            self.arrival = arrival
        }
    }

    /// The newest packet.
    public var newest: Newest?
    /// Packets that are now known to have arrived.
    public var deliveredPackets = 0
    /// Their bytes on the wire, headers counted.
    public var delivered = DataSize.zero
    /// A packet that has not arrived: how large it was on the wire, and when it went out.
    public struct Lost: Hashable, Sendable {
        public let size: DataSize
        public let sent: Instant

        /// Makes one.
        public init(size: DataSize, sent: Instant) {
            self.size = size
            self.sent = sent
        }
    }

    /// Packets that are now known to be lost.
    public var lost: [Lost] = []
    /// Whether the sender had more to send than it was allowed to, so that what is delivered tells what the target gives.
    public var isFilled = false
    /// The time there and back, without what the receiver waited; nothing before it is known.
    public var roundTrip: Duration?

    /// Nothing has arrived and nothing is lost.
    public init() {}
}
