/// A source image as it travels: its keypoints and its AV1 still picture (`Protocol/sources.md`).
public struct SourcePayload: Hashable, Sendable {
    /// The coded keypoints of the *decoded* key frame, predicted from the tables' mean picture.
    public let keypoints: [UInt8]
    /// An AV1 still picture: a sequence header and a frame, without a temporal delimiter.
    public let keyFrame: [UInt8]

    static let kind: UInt8 = 4
    /// Kind and length of the keypoints.
    private static let overhead = 2

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
        guard bytes[0] == Self.kind else {
            throw .corrupt(reason: "unknown source kind \(bytes[0])")
        }
        let rest = bytes.dropFirst(Self.overhead)
        guard
            let payload = SourcePayload(
                keypoints: Array(rest.prefix(Int(bytes[1]))),
                keyFrame: Array(rest.dropFirst(Int(bytes[1]))))
        else { throw .corrupt(reason: "no keypoints, or no key frame behind them") }
        self = payload
    }

    /// The payload's bytes.
    public var bytes: [UInt8] {
        [Self.kind, UInt8(truncatingIfNeeded: keypoints.count)] + keypoints + keyFrame
    }
}
