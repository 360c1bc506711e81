import Media
import WireFormat

/// All sources, sets and drops that a sender still has to make known, in the order they were added.
struct OutgoingSources: Sendable {
    private enum Delivery: Hashable { case waiting, underWay, arrived }

    private var transfers: [SourceTransfer] = []
    private var sets: [(set: SourceSet, delivery: Delivery, isTold: Bool)] = []
    private var drops: [(source: SourceIdentifier, delivery: Delivery)] = []
    private var complete: Set<SourceIdentifier> = []

    /// The sources that the receiver holds whole.
    var acknowledgedSources: Set<SourceIdentifier> { complete }

    /// Whether the receiver knows this set and holds its sources.
    func isAcknowledged(_ number: SourceSetNumber) -> Bool {
        sets.contains { $0.set.number == number && $0.isTold }
    }

    /// Whether something has still to go.
    var isPending: Bool {
        transfers.contains(where: \.isPending) || sets.contains { $0.delivery == .waiting }
            || drops.contains { $0.delivery == .waiting }
    }

    /// The bytes of sources that have not been sent, or were lost.
    var unsentSize: DataSize {
        DataSize(bytes: transfers.reduce(0) { $0 + $1.unsentCount })
    }

    /// Adds a source; false where it is empty, too long, there already, or one too many.
    mutating func add(_ source: CodedSource) -> Bool {
        guard transfers.count < WireConstants.largestSourceCount,
            !transfers.contains(where: { $0.source.identifier == source.identifier }),
            let transfer = SourceTransfer(source)
        else { return false }
        transfers.append(transfer)
        return true
    }

    /// Adds a set; older ones than the latest eight are forgotten.
    mutating func add(_ set: SourceSet) {
        sets.removeAll { $0.set.number == set.number }
        sets.append((set, .waiting, false))
        if sets.count > WireConstants.largestSetCount { sets.removeFirst() }
    }

    /// Takes a source out of the call; sets with it are no more.
    mutating func drop(_ source: SourceIdentifier) {
        guard transfers.contains(where: { $0.source.identifier == source }) else { return }
        transfers.removeAll { $0.source.identifier == source }
        sets.removeAll { $0.set.sources.contains(source) }
        complete.remove(source)
        drops.append((source, .waiting))
        if drops.count > 64 { drops.removeFirst() }
    }

    /// Frames for what is left of a packet.
    private struct Filling {
        var room: Int
        var frames: [(frame: Frame, content: SentPackets.Content)] = []

        mutating func add(_ frame: Frame, _ content: SentPackets.Content) -> Bool {
            // Sound and keypoints take a few frames of the datagram, too.
            guard frame.size.bytes <= room, frames.count < 8 else { return false }
            room -= frame.size.bytes
            frames.append((frame, content))
            return true
        }
    }

    /// What to put into what is left of a packet, most urgent first.
    mutating func take(
        room: Int, packet: UInt64
    ) -> [(frame: Frame, content: SentPackets.Content)] {
        var filling = Filling(room: room)
        for index in drops.indices where drops[index].delivery == .waiting {
            let source = drops[index].source
            guard filling.add(.sourceDrop(source), .drop(source)) else { break }
            drops[index].delivery = .underWay
        }
        for index in transfers.indices where transfers[index].isPending {
            let source = transfers[index].source.identifier
            if !transfers[index].isOffered {
                guard filling.add(transfers[index].offerFrame, .offer(source)) else { break }
                transfers[index].takeOffer()
            }
            takeSets(with: source, &filling)
            if let data = transfers[index].takeData(room: filling.room, packet: packet) {
                let range = data.offset..<data.offset + data.bytes.count
                // It goes to the end of the datagram, so it is the last one.
                filling.frames.append((.sourceData(data), .data(source, range)))
                return filling.frames
            }
        }
        takeSets(with: nil, &filling)
        return filling.frames
    }

    /// Sets that are to be told, those with a source right behind its offer.
    private mutating func takeSets(with source: SourceIdentifier?, _ filling: inout Filling) {
        for index in sets.indices where sets[index].delivery == .waiting {
            let set = sets[index].set
            if let source, !set.sources.contains(source) { continue }
            guard filling.add(.sourceSet(set), .set(set.number)) else { return }
            sets[index].delivery = .underWay
        }
    }

    /// Forgets what the receiver knows: all of it has to go again.
    mutating func restart() {
        transfers = transfers.compactMap { SourceTransfer($0.source) }
        for index in sets.indices {
            sets[index].delivery = .waiting
            sets[index].isTold = false
        }
        drops = []
        complete = []
    }

    /// Takes in what the receiver holds of a source.
    mutating func acknowledge(_ status: SourceStatusFrame) {
        update(status.source) { $0.acknowledge(status) }
    }

    /// Takes in that a packet has arrived, after what the receiver said with that about its sources:
    /// bytes that have arrived and are not held have to go again.
    mutating func arrived(_ packet: SentPackets.Packet) {
        for content in packet.contents {
            switch content {
            case .data(let source, _): update(source) { $0.land(packet.number) }
            case .offer, .pictures, .part: break
            case .set(let number):
                for index in sets.indices where sets[index].set.number == number {
                    sets[index].delivery = .arrived
                }
            case .drop(let source): drops.removeAll { $0.source == source }
            }
        }
    }

    /// Takes in that a packet was lost: what was in it has to go again.
    mutating func lost(_ packet: SentPackets.Packet) {
        for content in packet.contents {
            switch content {
            case .data(let source, _): update(source) { $0.land(packet.number) }
            case .offer(let source): update(source) { $0.loseOffer() }
            case .set(let number):
                for index in sets.indices
                where sets[index].set.number == number && sets[index].delivery == .underWay {
                    sets[index].delivery = .waiting
                }
            case .drop(let source):
                for index in drops.indices where drops[index].source == source {
                    drops[index].delivery = .waiting
                }
            case .pictures, .part: break
            }
        }
    }

    /// What the receiver holds since the last call and did not before.
    mutating func takeNews() -> (sources: [SourceIdentifier], sets: [SourceSetNumber]) {
        let whole = transfers.filter(\.isComplete).map(\.source.identifier)
        let sources = whole.filter { complete.insert($0).inserted }
        var numbers: [SourceSetNumber] = []
        for index in sets.indices where sets[index].delivery == .arrived && !sets[index].isTold {
            guard sets[index].set.sources.allSatisfy(complete.contains) else { continue }
            sets[index].isTold = true
            numbers.append(sets[index].set.number)
        }
        return (sources, numbers)
    }

    private mutating func update(
        _ source: SourceIdentifier, _ change: (inout SourceTransfer) -> Void
    ) {
        for index in transfers.indices where transfers[index].source.identifier == source {
            change(&transfers[index])
        }
    }
}
