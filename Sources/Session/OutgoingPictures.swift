import Media
import WireFormat

/// Pictures of the stream on their way to the receiver: the newest anchor until it is known to be held or not,
/// and leaves until they are sent.
struct OutgoingPictures: Sendable {
    private struct Transfer {
        let picture: StreamPicture
        let since: Instant
        var arrived = ByteRanges()
        var flights: [(packet: UInt64, range: Range<Int>)] = []

        var missing: [Range<Int>] {
            var known = arrived
            for flight in flights { known.insert(flight.range) }
            return known.gaps(in: 0..<picture.payload.count)
        }
    }

    /// What became of an anchor.
    enum News: Hashable, Sendable {
        case held(PictureNumber)
        case lost(PictureNumber)
        /// The receiver holds none that it is to hold.
        case forgotten
    }

    /// An anchor that takes longer is given up; its successor shows something newer.
    static let patience = Duration.seconds(4)
    /// A rate that changes must not leave more than this to be sent.
    private static let largestCount = 4

    private var transfers: [Transfer] = []
    private var held: PictureNumber?
    private var news: [News] = []

    /// Whether bytes have still to go.
    var isPending: Bool { transfers.contains { !$0.missing.isEmpty } }

    /// The bytes that have still to go.
    var unsentSize: DataSize {
        DataSize(
            bytes: transfers.reduce(0) { sum, transfer in
                sum + transfer.missing.reduce(0) { $0 + $1.count }
            })
    }

    /// Adds a picture; one that comes before others are gone takes the place of the leaves among them.
    mutating func add(_ picture: StreamPicture, at now: Instant) {
        if picture.isAnchor {
            for transfer in transfers where transfer.picture.isAnchor {
                news.append(.lost(transfer.picture.number))
            }
            transfers = []
        }
        // What was said of older anchors is of no use to a stream that begins anew.
        if picture.reference == nil { held = nil }
        transfers.append(Transfer(picture: picture, since: now))
        if transfers.count > Self.largestCount {
            let oldest = transfers.firstIndex { !$0.picture.isAnchor } ?? 0
            transfers.remove(at: oldest)
        }
    }

    /// Some bytes to fill what a datagram has left, to be the last of it.
    mutating func take(
        room: Int, packet: UInt64
    ) -> (frame: Frame, content: SentPackets.Content)? {
        for index in transfers.indices {
            guard let gap = transfers[index].missing.first else { continue }
            let count = min(gap.count, room - PictureFrame.largestHeaderSize)
            guard count >= min(8, gap.count) else { return nil }
            let range = gap.lowerBound..<gap.lowerBound + count
            let picture = transfers[index].picture
            transfers[index].flights.append((packet, range))
            // A leaf that has gone is past: nobody waits for it.
            if !picture.isAnchor, transfers[index].missing.isEmpty { transfers.remove(at: index) }
            return (.picture(PictureFrame(picture, range)), .part(picture.number, range))
        }
        return nil
    }

    /// Takes in that bytes have arrived.
    mutating func arrived(_ packet: SentPackets.Packet) {
        for case .part(let number, let range) in packet.contents {
            for index in transfers.indices where transfers[index].picture.number == number {
                transfers[index].arrived.insert(range)
                transfers[index].flights.removeAll { $0.packet == packet.number }
            }
        }
    }

    /// Takes in that bytes were lost: those of an anchor go again.
    mutating func lost(_ packet: SentPackets.Packet) {
        for case .part(let number, _) in packet.contents {
            for index in transfers.indices where transfers[index].picture.number == number {
                transfers[index].flights.removeAll { $0.packet == packet.number }
            }
            transfers.removeAll { $0.picture.number == number && !$0.picture.isAnchor }
        }
    }

    /// Takes in what the receiver holds, after what has arrived.
    mutating func acknowledge(_ status: PictureStatusFrame) {
        let anchor = transfers.first { $0.picture.isAnchor }
        if let anchor, status.anchor == UInt16(truncatingIfNeeded: anchor.picture.number.rawValue) {
            held = anchor.picture.number
            news.append(.held(anchor.picture.number))
            transfers.removeAll { $0.picture.isAnchor }
            return
        }
        if let held, status.anchor != UInt16(truncatingIfNeeded: held.rawValue) {
            // It could not decode what it held.
            restart()
            return
        }
        guard let anchor, anchor.arrived.count == anchor.picture.payload.count else { return }
        // All of it is there, and it is of no use to the receiver.
        giveUp(anchor.picture.number)
    }

    /// Gives up what takes too long.
    mutating func expire(at now: Instant) {
        for transfer in transfers
        where transfer.picture.isAnchor && now.since(transfer.since) >= Self.patience {
            giveUp(transfer.picture.number)
        }
        transfers.removeAll { now.since($0.since) >= Self.patience }
    }

    /// When the next one takes too long; nothing where none is on its way.
    var nextExpiry: Instant? { transfers.map { $0.since.advanced(by: Self.patience) }.min() }

    private mutating func giveUp(_ number: PictureNumber) {
        news.append(.lost(number))
        transfers.removeAll { $0.picture.number == number }
    }

    /// The receiver holds nothing.
    mutating func restart() {
        transfers = []
        held = nil
        news = [.forgotten]
    }

    /// Gives up what has not gone: warping goes on.
    mutating func removeAll() {
        for transfer in transfers where transfer.picture.isAnchor {
            news.append(.lost(transfer.picture.number))
        }
        transfers = []
    }

    /// What became of anchors since the last call.
    mutating func takeNews() -> [News] {
        defer { news = [] }
        return news
    }
}
