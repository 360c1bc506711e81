public import Media

/// A sender's counters since the start of the call.
public struct SendStatistics: Hashable, Sendable {
    /// Datagrams handed to the network.
    public var sentDatagrams = 0
    /// Their bytes, without IP and UDP headers.
    public var sent = DataSize.zero
    /// Datagrams of this call that came back.
    public var receivedDatagrams = 0
    /// Their bytes, without IP and UDP headers.
    public var received = DataSize.zero
    /// Datagrams that were not of this call or not of this protocol.
    public var rejectedDatagrams = 0
    /// Pictures whose keypoints went out.
    public var pictures = 0
    /// Their bytes with the headers of their frames.
    public var keypoints = DataSize.zero
    /// Pictures that were not sent, since the receiver had not answered or could show nothing yet.
    public var unsentPictures = 0
    /// Pictures that were left out to keep the promised rate.
    public var droppedPictures = 0
    /// Sources, sets and what belongs to them, the headers of their frames and repetitions included.
    public var sources = DataSize.zero
    /// Sources that could not be taken: empty, too long, too many or named like another one.
    public var refusedSources = 0
    /// Pictures of the stream for when warping fails that were taken in to be sent.
    public var streamPictures = 0
    /// Their bytes with the headers of their frames, repetitions included.
    public var stream = DataSize.zero
    /// Pictures that were said to stand still.
    public var heldPictures = 0
    /// What went along of acknowledgements and the like of the other direction, in a call that has one.
    public var feedback = DataSize.zero
    /// Pictures that the receiver says it missed.
    public var peerLostPictures = 0
    /// Ticks of 20 ms of sound that the receiver says it missed.
    public var peerLostVoiceTicks = 0
    /// Datagrams that the receiver says it has.
    public var peerReceivedDatagrams = 0

    /// What the link is thought to carry; nothing where that is not asked.
    public var targetBitrate: Bitrate?
    /// How long packets wait in queues on the way.
    public var queueingDelay = Duration.zero
    /// The time to the receiver and back; nothing before it is known.
    public var roundTrip: Duration?
    /// The share of datagrams that was lost over the last seconds, 0…1.
    public var lossShare = 0.0

    /// Packets of sound that went out.
    public var voicePackets = 0
    /// Packets of sound that went out once more, since the link loses datagrams.
    public var repeatedVoicePackets = 0
    /// The bytes of both with the headers of their frames.
    public var voice = DataSize.zero
    /// Packets of sound that were coded before the receiver had answered, and not sent.
    public var unsentVoicePackets = 0
    /// Packets of sound that were left out to keep the promised rate.
    public var droppedVoicePackets = 0

    /// Nothing yet.
    public init() {}

    /// Counts a datagram's frames.
    mutating func count(_ size: DataSize, of part: Part) {
        switch part {
        case .keypoints: keypoints += size
        case .voice: voice += size
        case .sources: sources += size
        case .stream: stream += size
        case .feedback: feedback += size
        case .other: break
        }
    }

    /// What a frame is for.
    enum Part { case keypoints, voice, sources, stream, feedback, other }
}
