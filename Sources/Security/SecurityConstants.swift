/// The numbers of `Protocol/handshake.md`, section 7 (a test compares both).
public enum SecurityConstants {
    /// The version of the protocol, the low five bits of each datagram's first byte.
    public static let version: UInt8 = 4
    /// No datagram is longer, whatever it carries (`Protocol/invariants.md`).
    public static let largestDatagram = 1200
    /// What sealing adds to a payload: three bytes of header, eight of tag.
    public static let overhead = headerLength + tagLength
    /// The header of a sealed datagram: kind, version and bit 16 of the packet number, then its low 16 bits.
    public static let headerLength = 3
    /// The tag of a sealed datagram.
    public static let tagLength = 8
    /// A question and an answer have at least, and here exactly, this many bytes.
    public static let handshakeLength = 86
    /// Datagrams that one epoch's keys seal, 2^16: the header's 17 bits then tell epoch and place.
    public static let epochLength: UInt64 = 65_536
    /// The last packet number of a connection, 2^32 − 1.
    public static let largestPacketNumber: UInt64 = 0xFFFF_FFFF
    /// How far behind the newest one a datagram may arrive.
    public static let replayWindow: UInt64 = 1024
    /// Datagrams that may fail to open before a connection closes, 2^30: a forger's chance is then 2^−34.
    public static let forgeryBudget: UInt64 = 1_073_741_824
    /// Questions that a responder remembers in order not to answer them twice.
    public static let rememberedQuestions = 1024
    /// How often one question is answered at most: an initiator asks so often before it gives up.
    public static let answersToAQuestion = 8
    /// Answered questions that may wait for the first sealed datagram at a time.
    public static let openAnswers = 8
}
