/// The numbers of the specification (`Protocol/constants.md` mirrors them; a test compares both).
public enum WireConstants {
    /// The version that this build speaks, the first byte of each datagram.
    public static let version: UInt8 = 2
    /// No datagram is longer: it passes any IPv6 path unfragmented (RFC 8200, section 5).
    public static let largestDatagram = 1200
    /// A source travels in fragments of this many bytes; only the last one may be shorter.
    public static let fragmentLength = 1100
    /// No source is longer than this many bytes.
    public static let largestSource = 262_144
    /// No call has more sources than this in its set.
    public static let largestSourceSet = 8
    /// No keypoint unit is longer than this many bytes.
    public static let largestKeypointPayload = 1100
    /// No packet of sound is longer than this many bytes.
    public static let largestVoicePayload = 1100
    /// No call has more keypoints in a picture than this.
    public static let largestKeypointCount = 64
    /// No datagram has more frames than this.
    public static let largestFrameCount = 32
    /// Source identifiers stay below this, so that they fit two bytes.
    public static let sourceIdentifierLimit: UInt64 = 16_384
}
