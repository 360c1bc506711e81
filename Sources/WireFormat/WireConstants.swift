/// The numbers of the specification (`Protocol/constants.md` mirrors them; a test compares both).
public enum WireConstants {
    /// The version that this build speaks, the first byte of each datagram.
    public static let version: UInt8 = 4
    /// The second byte of a datagram that is neither encrypted nor authenticated.
    public static let plainKind: UInt8 = 0
    /// No datagram is longer: it passes any IPv6 path unfragmented (RFC 8200, section 5).
    public static let largestDatagram = 1200
    /// What is kept free for a datagram's header and seal; rates are planned with it.
    public static let datagramOverhead = 11
    /// No source is longer than this many bytes.
    public static let largestSource = 262_144
    /// No source set has more sources than this.
    public static let largestSourceSet = 8
    /// No receiver holds more sources than this at once: a set, and the next one on its way.
    public static let largestSourceCount = 16
    /// No receiver keeps more source sets than this.
    public static let largestSetCount = 8
    /// Of a source, SHA-256's first bytes name the content.
    public static let contentHashLength = 16
    /// No keypoint unit is longer than this many bytes.
    public static let largestKeypointPayload = 1100
    /// No packet of sound is longer than this many bytes.
    public static let largestVoicePayload = 1100
    /// No picture of the stream is longer than this many bytes.
    public static let largestPicture = 65_536
    /// No picture of the stream refers further back than this many pictures.
    public static let largestPictureDistance = 1500
    /// No call has more keypoints in a picture than this.
    public static let largestKeypointCount = 64
    /// No datagram has more frames than this.
    public static let largestFrameCount = 32
    /// Source identifiers stay below this, so that they fit two bytes.
    public static let sourceIdentifierLimit: UInt64 = 16_384
    /// No unit refers to a picture further back than this.
    public static let largestReferenceDistance = 64
    /// No acknowledgement has more ranges than this after its first one.
    public static let largestAckRangeCount = 16
    /// No acknowledgement reaches further back than this many packets.
    public static let largestAckSpan = 1024
    /// No statement about a source has more byte ranges than this.
    public static let largestHeldRangeCount = 8
    /// The highest rate that a sender may promise, in bits a second.
    public static let largestRate: UInt64 = 1_000_000_000
}
