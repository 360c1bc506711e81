/// A source image as it travels: its keypoints, its VP8 key frame and a checksum over both
/// (`Protocol/sources.md`).
public struct SourcePayload: Hashable, Sendable {
    /// The coded keypoints of the *decoded* key frame, predicted from the tables' mean picture.
    public let keypoints: [UInt8]
    /// A VP8 key frame (RFC 6386).
    public let keyFrame: [UInt8]

    static let kind: UInt8 = 2
    /// Kind, length of the keypoints and checksum.
    private static let overhead = 6

    /// Makes a payload from its parts, or nothing where there are no keypoints, more than 255 bytes of
    /// them, or no key frame.
    public init?(keypoints: [UInt8], keyFrame: [UInt8]) {
        guard (1...255).contains(keypoints.count), !keyFrame.isEmpty else { return nil }
        self.keypoints = keypoints
        self.keyFrame = keyFrame
    }

    /// Reads a payload that has arrived whole; `bytes` may be anything.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)``.
    public init(parsing bytes: [UInt8]) throws(CodecError) {
        guard bytes.count > Self.overhead else {
            throw .corrupt(reason: "a source of \(bytes.count) bytes")
        }
        let body = bytes.dropLast(4)
        let sum = bytes.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard sum == CRC32.checksum(body) else { throw .corrupt(reason: "checksum differs") }
        guard body[0] == Self.kind else { throw .corrupt(reason: "unknown source kind \(body[0])") }
        let rest = body.dropFirst(2)
        guard
            let payload = SourcePayload(
                keypoints: Array(rest.prefix(Int(body[1]))),
                keyFrame: Array(rest.dropFirst(Int(body[1]))))
        else { throw .corrupt(reason: "no keypoints, or no key frame behind them") }
        self = payload
    }

    /// The payload's bytes.
    public var bytes: [UInt8] {
        var bytes = [Self.kind, UInt8(truncatingIfNeeded: keypoints.count)] + keypoints + keyFrame
        let sum = CRC32.checksum(bytes[...])
        for shift in [24, 16, 8, 0] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: sum >> shift))
        }
        return bytes
    }
}
