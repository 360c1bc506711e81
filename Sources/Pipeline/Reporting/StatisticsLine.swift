import Foundation

/// One line of a statistics file: what happened in a second, or in the whole call.
public struct StatisticsLine: Codable, Hashable, Sendable {
    /// `second` or `summary`.
    public enum Kind: String, Codable, Sendable { case second, summary }

    /// What the line covers.
    public var kind: Kind
    /// Seconds since the first picture, at the end of the time that the line covers.
    public var time: Double
    /// How many seconds the line covers; the summary also covers those from the first hello on.
    public var seconds: Double
    /// Pictures sent, or shown from their own keypoints.
    public var pictures: Int
    /// Pictures that the receiver held because their keypoints were not there.
    public var lostPictures: Int
    /// The most such pictures in a row, since the start.
    public var longestLoss: Int?
    /// Datagrams from sender to receiver.
    public var datagrams: Int
    /// Their bytes on the wire, IP and UDP headers counted.
    public var wireBytes: Int
    /// The same as a rate, in thousands of bits a second.
    public var wireKilobitsPerSecond: Double
    /// What an hour of it would take at either end, in millions of bytes: both directions, as a tariff counts.
    public var megabytesAnHour: Double?
    /// What the link is thought to carry, in thousands of bits a second (sender).
    public var targetKilobitsPerSecond: Double?
    /// Milliseconds that datagrams wait in queues on the way (sender).
    public var queueingMilliseconds: Double?
    /// Milliseconds to the receiver and back (sender).
    public var roundTripMilliseconds: Double?
    /// Milliseconds that pictures wait for their time (receiver).
    public var playoutMilliseconds: Double?
    /// Pictures that were made up from those around them (receiver).
    public var concealedPictures: Int?
    /// Bytes on the wire from receiver to sender.
    public var returnWireBytes: Int
    /// Summary: the rate after the first second, when the first source has usually arrived.
    public var wireKilobitsPerSecondAfterFirstSecond: Double?
    /// Datagrams that never arrived (receiver).
    public var missingDatagrams: Int?
    /// Datagrams that arrived twice (receiver).
    public var duplicateDatagrams: Int?
    /// Datagrams that were not of this call or not of this protocol.
    public var rejectedDatagrams: Int
    /// Bytes of coded sound on the wire, the headers of its frames counted, those of datagrams not;
    /// nothing in a call without sound.
    public var voiceBytes: Int?
    /// The same as a rate, in thousands of bits a second.
    public var voiceKilobitsPerSecond: Double?
    /// Keypoints with the headers of their frames, in thousands of bits a second.
    public var keypointKilobitsPerSecond: Double?
    /// Sources and sets, repetitions included, likewise.
    public var sourceKilobitsPerSecond: Double?
    /// The stream of VP8 pictures for when warping fails, likewise.
    public var streamKilobitsPerSecond: Double?
    /// Pictures of that stream, sent or arrived whole.
    public var streamPictures: Int?
    /// Pictures that were not warped: one of the stream, or the last one, stood for them.
    public var heldPictures: Int?
    /// The headers of IP, UDP and the datagrams themselves, likewise.
    public var headerKilobitsPerSecond: Double?
    /// Everything that came back, with its headers, likewise.
    public var returnKilobitsPerSecond: Double?
    /// Pictures that were left out to keep the promised rate (sender).
    public var droppedPictures: Int?
    /// Seconds of sound that were not there when they were due (receiver).
    public var lostVoiceSeconds: Double?
    /// Seconds of sound that were due, those counted (receiver).
    public var dueVoiceSeconds: Double?
    /// Sources sent or held whole.
    public var sources: Int
    /// Milliseconds for each stage.
    public var stages: [String: StageSummary]
    /// Resident memory in mebibytes.
    public var residentMebibytes: Double?
    /// How the call ended (summary).
    public var end: String?
}

/// Resident memory of this process, as Linux tells it.
enum ResidentMemory {
    /// In mebibytes; nothing where the system does not tell.
    static var mebibytes: Double? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
            return nil
        }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Double(fields[1]) else { return nil }
        return (pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576 * 10).rounded() / 10
    }
}
