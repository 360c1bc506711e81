public import KeypointCoding
public import Media

/// Codes pictures as source images (`Protocol/sources.md`).
///
/// Not for several tasks at once, as its detector is not.
public final class SourceCoder {
    /// How finely keypoints of sources are sent: once, and everything is warped from them.
    static let step = QuantizerStep.all[0]

    private let detector: any KeypointDetector
    private let stillEncoder: any StillImageEncoder
    private let stillDecoder: any StillImageDecoder
    private let keypointEncoder: KeypointEncoder

    /// Puts a coder together from its backends.
    public init(
        detector: any KeypointDetector, stillEncoder: any StillImageEncoder,
        stillDecoder: any StillImageDecoder, keypointEncoder: KeypointEncoder
    ) {
        self.detector = detector
        self.stillEncoder = stillEncoder
        self.stillDecoder = stillDecoder
        self.keypointEncoder = keypointEncoder
    }

    /// Codes a picture; the keypoints are found in the decoded key frame, as the receiver will hold it.
    ///
    /// - Parameters:
    ///   - quantizer: AV1's, 0 (finest) … 63.
    ///   - side: the longer side of the key frame in pixels, where it is to be smaller than the picture;
    ///     the receiver scales it up.
    public func encode(
        _ picture: VideoFrame, as identifier: SourceIdentifier, quantizer: Int, side: Int? = nil
    ) throws(CodecError) -> EncodedSource {
        let (keyFrame, shown) = try still(picture, quantizer: quantizer, side: side)
        let state = KeypointState(try detector.detect(in: shown))
        let unit: [UInt8]
        let states: [KeypointState]
        do {
            (unit, states) = try keypointEncoder.encode(
                [state], step: Self.step, reference: keypointEncoder.tables.mean, kind: .mean)
        } catch {
            throw CodecError(error)
        }
        guard let payload = SourcePayload(keypoints: unit, keyFrame: keyFrame) else {
            throw .backend("\(unit.count) bytes of keypoints and \(keyFrame.count) of a key frame")
        }
        return EncodedSource(
            coded: CodedSource(identifier: identifier, payload: payload.bytes), picture: shown,
            state: states[0])
    }

    /// A picture as a key frame, and as that gives it back.
    public func still(
        _ picture: VideoFrame, quantizer: Int, side: Int? = nil
    ) throws(CodecError) -> (keyFrame: [UInt8], shown: VideoFrame) {
        let size = side.map { picture.size.shrunk(to: $0) } ?? picture.size
        guard let shrunk = picture.scaled(to: size) else {
            throw .unsupportedSize(width: size.width, height: size.height)
        }
        let keyFrame = try stillEncoder.encode(shrunk, quantizer: quantizer)
        let decoded = try stillDecoder.decode(keyFrame, largest: picture.size)
        guard let shown = decoded.scaled(to: picture.size) else {
            throw .unsupportedSize(width: picture.size.width, height: picture.size.height)
        }
        return (keyFrame, shown)
    }
}

extension PictureSize {
    /// A size of the same shape whose longer side is at most `side`, both even and 16 or more.
    func shrunk(to side: Int) -> PictureSize {
        let longer = max(width, height)
        let scaled = { (length: Int) in
            min(length, max(16, (length * side / longer + 1) / 2 * 2))
        }
        return PictureSize(width: scaled(width), height: scaled(height)) ?? self
    }
}
