/// What a datagram carries: frames, in order (`Protocol/packets.md`, section 2).
public struct Payload: Hashable, Sendable {
    /// The frames, at least one and at most ``WireConstants/largestFrameCount``.
    public let frames: [Frame]

    /// The most bytes that a payload may have.
    public static let largestSize =
        WireConstants.largestDatagram - WireConstants.datagramOverhead

    /// Makes a payload from frames that the caller knows to be in range.
    public init(_ frames: [Frame]) { self.frames = frames }

    /// Reads a payload from the network; `bytes` may be anything.
    public init(parsing bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count <= Self.largestSize else { throw .oversized(bytes: bytes.count) }
        var cursor = ByteCursor()
        var frames: [Frame] = []
        var hasPlace = false
        var hasKeypoints = false
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
            case .keypoints:
                hasPlace = true
                hasKeypoints = true
            case .voice, .hold: hasPlace = true
            case .keypointsAgain where !hasKeypoints: throw .misplacedFrame
            default: break
            }
            frames.append(frame)
        }
        guard !frames.isEmpty else { throw .empty }
        self.frames = frames
    }

    /// The payload's bytes; the last frame goes without its length.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for (index, frame) in frames.enumerated() {
            frame.append(
                to: &bytes, end: index == frames.count - 1 ? .endOfPayload : .counted)
        }
        return bytes
    }

    /// How many bytes these frames take.
    public static func size(of frames: [Frame]) -> Int { Payload(frames).bytes.count }
}
