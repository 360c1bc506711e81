/// One datagram: a header and the frames inside (`Protocol/packets.md`, section 2).
public struct Datagram: Hashable, Sendable {
    /// The call it belongs to.
    public let call: CallIdentifier
    /// Counts the datagrams of one direction from zero.
    public let packetNumber: UInt64
    /// What it carries, in order; at least one.
    public let frames: [Frame]

    /// The largest packet number: it fits four bytes on the wire.
    public static let largestPacketNumber: UInt64 = 0x3FFF_FFFF

    /// Makes a datagram from values that the caller knows to be in range.
    public init(call: CallIdentifier, packetNumber: UInt64, frames: [Frame]) {
        self.call = call
        self.packetNumber = packetNumber
        self.frames = frames
    }

    /// Reads a datagram from the network; `bytes` may be anything.
    public init(parsing bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count <= WireConstants.largestDatagram else {
            throw .oversized(bytes: bytes.count)
        }
        var cursor = ByteCursor()
        let version = try cursor.byte(bytes)
        guard version == WireConstants.version else { throw .unsupportedVersion(version) }
        call = CallIdentifier(try cursor.uint32(bytes))
        packetNumber = try cursor.integer(bytes, in: 0...Self.largestPacketNumber, .packetNumber)
        var frames = [Frame]()
        var hasPlace = false
        while !cursor.isAtEnd(bytes) {
            guard frames.count < WireConstants.largestFrameCount else {
                throw .valueOutOfRange(field: .frameCount, value: UInt64(frames.count + 1))
            }
            let frame = try Frame(parsing: bytes, at: &cursor)
            // Where such a one begins follows from the pictures, or the sound, before it.
            if case .voice(let voice) = frame, voice.start == nil, !hasPlace {
                throw .misplacedFrame
            }
            switch frame {
            case .keypoints, .voice: hasPlace = true
            default: break
            }
            frames.append(frame)
        }
        guard !frames.isEmpty else { throw .empty }
        self.frames = frames
    }

    /// The datagram's bytes.
    public var bytes: [UInt8] {
        var bytes = [WireConstants.version]
        bytes.append(uint32: call.rawValue)
        bytes.append(integer: packetNumber)
        for frame in frames { frame.append(to: &bytes) }
        return bytes
    }
}
