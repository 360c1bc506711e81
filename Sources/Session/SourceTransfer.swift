import Media
import WireFormat

/// A source on its way: what the receiver holds, what is under way, what has still to go.
struct SourceTransfer: Sendable {
    let source: CodedSource
    private let offer: SourceOfferFrame
    private(set) var isOffered = false
    private var held = ByteRanges()
    private var flights: [(packet: UInt64, range: Range<Int>)] = []

    /// A source, or nothing where it is empty or too long.
    init?(_ source: CodedSource) {
        let hash = ContentHash.prefix(
            of: source.payload, length: WireConstants.contentHashLength)
        guard
            let offer = SourceOfferFrame(
                source: source.identifier, length: source.payload.count, hash: hash)
        else { return nil }
        self.source = source
        self.offer = offer
    }

    private var whole: Range<Int> { 0..<source.payload.count }

    /// Whether the receiver holds all of it.
    var isComplete: Bool { held.count == source.payload.count }

    /// Whether something of it has still to go.
    var isPending: Bool { !isOffered || !missing.isEmpty }

    /// The bytes that have still to go.
    var unsentCount: Int { missing.reduce(0) { $0 + $1.count } }

    private var missing: [Range<Int>] {
        var known = held
        for flight in flights { known.insert(flight.range) }
        return known.gaps(in: whole)
    }

    /// The offer.
    var offerFrame: Frame { .sourceOffer(offer) }

    /// The offer is on its way.
    mutating func takeOffer() { isOffered = true }

    /// The next bytes, as many as fit as the last frame of a datagram; at least four, or all there are.
    mutating func takeData(room: Int, packet: UInt64) -> SourceDataFrame? {
        guard isOffered, let gap = missing.first else { return nil }
        let header = SourceDataFrame.headerSize(
            source: source.identifier, offset: gap.lowerBound)
        let count = min(gap.count, room - header)
        guard count >= min(4, gap.count) else { return nil }
        let range = gap.lowerBound..<gap.lowerBound + count
        flights.append((packet, range))
        return SourceDataFrame(
            source: source.identifier, offset: range.lowerBound,
            bytes: Array(source.payload[range]))
    }

    /// Takes in what the receiver holds.
    mutating func acknowledge(_ status: SourceStatusFrame) {
        var held = ByteRanges()
        for range in status.held { held.insert(range.clamped(to: whole)) }
        self.held = held
        isOffered = true
    }

    /// Nothing of a packet is under way any more.
    mutating func land(_ packet: UInt64) { flights.removeAll { $0.packet == packet } }

    /// The offer was lost.
    mutating func loseOffer() { isOffered = false }
}
