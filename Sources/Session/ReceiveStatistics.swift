public import Media

/// A receiver's counters since the start of the call.
public struct ReceiveStatistics: Hashable, Sendable {
    /// Datagrams of the call, duplicates included.
    public var receivedDatagrams = 0
    /// Their bytes, without IP and UDP headers.
    public var received = DataSize.zero
    /// Datagrams that were sent back.
    public var sentDatagrams = 0
    /// Their bytes, without IP and UDP headers.
    public var sent = DataSize.zero
    /// Datagrams that arrived more than once.
    public var duplicateDatagrams = 0
    /// Datagrams that have not arrived, up to the largest packet number seen.
    public var missingDatagrams = 0
    /// Datagrams that were not of this call or not of this protocol, and frames that contradict others.
    public var rejectedDatagrams = 0
    /// Pictures whose keypoints were there when they were due.
    public var pictures = 0
    /// Those of them whose keypoints had been lost, and were said again.
    public var repeatedPictures = 0
    /// Pictures whose keypoints were not there when they were due.
    public var lostPictures = 0
    /// Pictures of the time before the first keypoints, when only sound came.
    public var earlyPictures = 0
    /// Pictures whose keypoints came after they were due; counted in ``lostPictures``, too.
    public var latePictures = 0
    /// How long pictures that took the shortest way wait until they are due.
    public var playoutDelay = Duration.zero
    /// Pictures that were left out to catch up.
    public var skippedPictures = 0
    /// The most pictures in a row whose keypoints were not there.
    public var longestLoss = 0
    /// Their keypoints' bytes with the headers of their frames.
    public var keypoints = DataSize.zero
    /// Sources, sets and what belongs to them, repetitions included.
    public var sources = DataSize.zero
    /// Pictures of the stream for when warping fails that arrived whole and can be decoded.
    public var streamPictures = 0
    /// Bytes of such pictures with the headers of their frames, repetitions included.
    public var stream = DataSize.zero
    /// Pictures that the sender said stand still.
    public var heldPictures = 0
    /// Sources that had arrived whole and were not what was offered.
    public var corruptSources = 0

    /// Packets of sound that arrived in time.
    public var voicePackets = 0
    /// Their bytes with the headers of their frames.
    public var voice = DataSize.zero
    /// Packets of sound that came too late, twice, or into a call without sound.
    public var unusedVoicePackets = 0
    /// Ticks of 20 ms whose sound was not there when it was due.
    public var lostVoiceTicks = 0

    /// Nothing yet.
    public init() {}
}
