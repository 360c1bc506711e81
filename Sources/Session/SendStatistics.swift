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
    /// Pictures that were coded before the receiver had answered, and not sent.
    public var unsentPictures = 0
    /// Fragments of sources that went out, repetitions included.
    public var sourceFragments = 0
    /// Pictures that the receiver says it missed.
    public var peerLostPictures = 0
    /// Datagrams that the receiver says it has.
    public var peerReceivedDatagrams = 0

    /// Packets of sound that went out.
    public var voicePackets = 0
    /// Their bytes with the headers of their frames.
    public var voice = DataSize.zero
    /// Packets of sound that were coded before the receiver had answered, and not sent.
    public var unsentVoicePackets = 0

    /// Nothing yet.
    public init() {}
}
