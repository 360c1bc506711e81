public import KeypointCoding

/// A source image as it travels: its keypoints, its VP8 key frame and a checksum over both
/// (`Protocol/sources.md`).
public struct SourcePayload: Hashable, Sendable {
    /// The keypoints of the *decoded* key frame, which both ends predict from.
    public let keypoints: QuantizedKeypoints
    /// A VP8 key frame (RFC 6386).
    public let keyFrame: [UInt8]

    static let kind: UInt8 = 1

    /// Makes a payload from its parts.
    public init(keypoints: QuantizedKeypoints, keyFrame: [UInt8]) {
        self.keypoints = keypoints
        self.keyFrame = keyFrame
    }

    /// Reads a payload that was put together from fragments; `bytes` may be anything.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)``, ``CodecError/keypointCount(expected:found:)``.
    public init(parsing bytes: [UInt8], keypointCount: Int) throws(CodecError) {
        guard bytes.count > 8 else { throw .corrupt(reason: "a source of \(bytes.count) bytes") }
        let body = bytes.dropLast(4)
        let sum = bytes.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard sum == CRC32.checksum(body) else { throw .corrupt(reason: "checksum differs") }
        guard body[0] == Self.kind else { throw .corrupt(reason: "unknown source kind \(body[0])") }
        guard Int(body[1]) == keypointCount else {
            throw .keypointCount(expected: keypointCount, found: Int(body[1]))
        }
        let length = Int(body[2]) << 8 | Int(body[3])
        guard length > 0, body.count > 4 + length else {
            throw .corrupt(reason: "keypoints reach past the end")
        }
        let unit = Array(body[4..<(4 + length)])
        guard let step = QuantizerStep(exponent: unit[0] & 0xF) else {
            throw .corrupt(reason: "unknown quantiser step")
        }
        do {
            keypoints = try KeypointCoder.decode(
                unit, pictureCount: 1, reference: .neutral(count: keypointCount, step: step))[0]
        } catch {
            throw .corrupt(reason: "keypoints: \(error)")
        }
        keyFrame = Array(body[(4 + length)...])
    }

    /// The payload's bytes.
    public func encoded() throws(CodecError) -> [UInt8] {
        let neutral = QuantizedKeypoints.neutral(count: keypoints.count, step: keypoints.step)
        let unit: [UInt8]
        do {
            unit = try KeypointCoder.encode([keypoints], reference: neutral)
        } catch {
            throw .keypointCount(expected: 1, found: keypoints.count)
        }
        guard let count = UInt8(exactly: keypoints.count) else {
            throw .keypointCount(expected: Int(UInt8.max), found: keypoints.count)
        }
        let length = UInt16(truncatingIfNeeded: unit.count)
        var bytes = [Self.kind, count, UInt8(length >> 8), UInt8(length & 0xFF)] + unit + keyFrame
        let sum = CRC32.checksum(bytes[...])
        for shift in [24, 16, 8, 0] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: sum >> shift))
        }
        return bytes
    }
}
