/// What has arrived so far: a whole statement each time, so that a lost one does no harm
/// (`Protocol/packets.md`, section 3.4).
public struct FeedbackFrame: Hashable, Sendable {
    /// The largest packet number that has arrived.
    public let largestPacketNumber: UInt64
    /// How many different datagrams of the call have arrived.
    public let receivedDatagrams: UInt64
    /// How many pictures were due and had not arrived.
    public let lostPictures: UInt64
    /// Each source of which any part has arrived, ascending by identifier.
    public let sources: [SourceStatus]

    /// Makes a feedback frame.
    public init(
        largestPacketNumber: UInt64, receivedDatagrams: UInt64, lostPictures: UInt64,
        sources: [SourceStatus]
    ) {
        self.largestPacketNumber = largestPacketNumber
        self.receivedDatagrams = receivedDatagrams
        self.lostPictures = lostPictures
        self.sources = sources
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        largestPacketNumber = try cursor.integer(
            bytes, in: 0...Datagram.largestPacketNumber, .packetNumber)
        receivedDatagrams = try cursor.integer(
            bytes, in: 0...(Datagram.largestPacketNumber + 1), .receivedDatagrams)
        lostPictures = try cursor.integer(bytes, in: 0...UInt64(UInt32.max), .lostPictures)
        let count = try cursor.integer(
            bytes, in: 0...UInt64(WireConstants.largestSourceSet), .sourceStatusCount)
        var sources = [SourceStatus]()
        for _ in 0..<count { sources.append(try SourceStatus(parsing: bytes, at: &cursor)) }
        self.sources = sources
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: largestPacketNumber)
        bytes.append(integer: receivedDatagrams)
        bytes.append(integer: lostPictures)
        bytes.append(integer: UInt64(sources.count))
        for source in sources { source.append(to: &bytes) }
    }
}
