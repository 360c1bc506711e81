import Media
import WireFormat

/// What went out and whether it has arrived (after RFC 9002, section 6).
struct SentPackets: Sendable {
    /// Something in a packet that somebody wants to know the fate of.
    enum Content: Hashable, Sendable {
        case offer(SourceIdentifier)
        case data(SourceIdentifier, Range<Int>)
        case set(SourceSetNumber)
        case drop(SourceIdentifier)
        case pictures(PictureNumber, Int)
        case part(PictureNumber, Range<Int>)
    }

    struct Packet: Sendable {
        let number: UInt64
        let time: Instant
        /// On the wire, headers counted.
        let size: DataSize
        let contents: [Content]
        fileprivate(set) var isLost = false
    }

    /// What an acknowledgement, or time, tells.
    struct Fate: Sendable {
        var arrived: [Packet] = []
        var lost: [Packet] = []
        /// The newest packet that has arrived, where nobody had told of it before.
        var newest: Packet?
    }

    /// Older packets than these are forgotten: nobody waits for them any more.
    static let largestCount = 1024
    /// So many later packets that have arrived make one lost.
    static let reorderingThreshold: UInt64 = 3

    private var packets: [Packet] = []
    private var largestArrived: UInt64?
    /// The time to the receiver and back.
    private(set) var roundTrip = RoundTrip()

    mutating func record(
        _ number: UInt64, _ contents: [Content], _ size: DataSize, at now: Instant
    ) {
        packets.append(Packet(number: number, time: now, size: size, contents: contents))
        if packets.count > Self.largestCount { packets.removeFirst(packets.count / 4) }
    }

    /// Takes in an acknowledgement; nothing where it speaks of packets that were never sent.
    mutating func acknowledge(
        _ frame: AcknowledgementFrame, sent: UInt64, at now: Instant
    ) -> Fate? {
        guard sent > 0 else { return nil }
        let largest = LowBits.expand(frame.largest, near: sent)
        guard largest < sent, let numbers = frame.numbers(largest: largest) else { return nil }
        var fate = Fate()
        var rest: [Packet] = []
        for packet in packets {
            if numbers.contains(where: { $0.contains(packet.number) }) {
                fate.arrived.append(packet)
                if packet.number == largest, largestArrived.map({ $0 < largest }) ?? true {
                    roundTrip.add(now.since(packet.time), delay: .milliseconds(frame.delay))
                    fate.newest = packet
                }
            } else {
                rest.append(packet)
            }
        }
        packets = rest
        largestArrived = max(largestArrived ?? 0, largest)
        fate.lost = takeLost(at: now, patience: nil)
        return fate
    }

    /// The packets that time has made lost.
    ///
    /// - Parameter patience: how long to wait for any word, where one is to be had at all.
    mutating func takeLost(at now: Instant, patience: Duration?) -> [Packet] {
        var lost: [Packet] = []
        for index in packets.indices where !packets[index].isLost {
            guard let due = due(packets[index], patience: patience), due <= now else { continue }
            packets[index].isLost = true
            lost.append(packets[index])
        }
        return lost
    }

    /// When the next packet is lost if nothing comes; only packets with contents matter.
    func nextLoss(patience: Duration?) -> Instant? {
        packets.lazy.filter { !$0.isLost && !$0.contents.isEmpty }
            .compactMap { due($0, patience: patience) }.min()
    }

    private func due(_ packet: Packet, patience: Duration?) -> Instant? {
        if let largestArrived, packet.number < largestArrived {
            if packet.number + Self.reorderingThreshold <= largestArrived { return packet.time }
            return packet.time.advanced(by: roundTrip.timeout + roundTrip.reordering)
        }
        return patience.map { packet.time.advanced(by: roundTrip.timeout + $0) }
    }
}
