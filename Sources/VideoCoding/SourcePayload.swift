public import Media

/// A source image as it travels: its keypoints and its picture (`Protocol/sources.md`).
public struct SourcePayload: Hashable, Sendable {
    /// The coded keypoints of the *decoded* picture, predicted from the tables' mean picture.
    public let keypoints: [UInt8]
    /// The source that the picture is predicted from; nothing for a still picture.
    public let base: SourceIdentifier?
    /// An AV1 still picture: a sequence header and a frame, without a temporal delimiter. Or, with a base, a frame.
    public let picture: [UInt8]

    private static let still: UInt8 = 4
    private static let predicted: UInt8 = 5
    /// Kind and length of the keypoints.
    private static let overhead = 2

    /// Makes a payload from its parts, or nothing where there are no keypoints, more than 255 bytes of
    /// them, or no picture.
    public init?(keypoints: [UInt8], base: SourceIdentifier? = nil, picture: [UInt8]) {
        guard (1...255).contains(keypoints.count), !picture.isEmpty else { return nil }
        self.keypoints = keypoints
        self.base = base
        self.picture = picture
    }

    /// Reads a payload that has arrived whole; `bytes` may be anything.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)``.
    public init(parsing bytes: [UInt8]) throws(CodecError) {
        guard bytes.count > Self.overhead else {
            throw .corrupt(reason: "a source of \(bytes.count) bytes")
        }
        var rest = bytes.dropFirst(Self.overhead)
        var base: SourceIdentifier?
        switch bytes[0] {
        case Self.still: break
        case Self.predicted:
            guard rest.count > 2 else {
                throw .corrupt(reason: "a predicted source of \(bytes.count) bytes")
            }
            base = SourceIdentifier(UInt16(rest.removeFirst()) << 8 | UInt16(rest.removeFirst()))
        default: throw .corrupt(reason: "unknown source kind \(bytes[0])")
        }
        guard
            let payload = SourcePayload(
                keypoints: Array(rest.prefix(Int(bytes[1]))), base: base,
                picture: Array(rest.dropFirst(Int(bytes[1]))))
        else { throw .corrupt(reason: "no keypoints, or no picture behind them") }
        self = payload
    }

    /// The payload's bytes.
    public var bytes: [UInt8] {
        let kind = base == nil ? Self.still : Self.predicted
        let name = base.map { [UInt8($0.rawValue >> 8), UInt8($0.rawValue & 0xFF)] } ?? []
        return [kind, UInt8(truncatingIfNeeded: keypoints.count)] + name + keypoints + picture
    }
}
