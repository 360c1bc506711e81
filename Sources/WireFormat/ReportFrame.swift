/// A receiver's counters since the start of the call (`Protocol/feedback.md`, section 3).
public struct ReportFrame: Hashable, Sendable {
    /// Different datagrams of the call that have arrived.
    public let receivedDatagrams: UInt32
    /// Pictures that were due and whose keypoints were not there.
    public let lostPictures: UInt32
    /// Ticks of 20 ms that were due and whose sound was not there.
    public let lostVoiceTicks: UInt32

    /// Makes a report.
    public init(receivedDatagrams: UInt32, lostPictures: UInt32, lostVoiceTicks: UInt32) {
        self.receivedDatagrams = receivedDatagrams
        self.lostPictures = lostPictures
        self.lostVoiceTicks = lostVoiceTicks
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        let largest = UInt64(UInt32.max)
        receivedDatagrams = UInt32(
            try cursor.integer(bytes, in: 0...largest, .receivedDatagrams))
        lostPictures = UInt32(try cursor.integer(bytes, in: 0...largest, .lostPictures))
        lostVoiceTicks = UInt32(try cursor.integer(bytes, in: 0...largest, .lostVoice))
    }

    func append(to bytes: inout [UInt8]) {
        for value in [receivedDatagrams, lostPictures, lostVoiceTicks] {
            bytes.append(integer: UInt64(value))
        }
    }
}
