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

    /// Codes a picture; the keypoints are found in the decoded one, as the receiver will hold it.
    ///
    /// - Parameters:
    ///   - quantizer: AV1's, 0 (finest) … 63.
    ///   - side: the longer side of the coded picture in pixels, where it is to be smaller;
    ///     the receiver scales it up.
    ///   - bases: sources in full size that the receiver holds: it is predicted from the one that gives the fewest
    ///     bytes, where these are fewer than on its own.
    public func encode(
        _ picture: VideoFrame, as identifier: SourceIdentifier, quantizer: Int, side: Int? = nil,
        from bases: [EncodedSource] = []
    ) throws(CodecError) -> EncodedSource {
        let coded = try still(picture, quantizer: quantizer, side: side, from: bases)
        let state = KeypointState(try detector.detect(in: coded.shown))
        let unit: [UInt8]
        let states: [KeypointState]
        do {
            (unit, states) = try keypointEncoder.encode(
                [state], step: Self.step, reference: keypointEncoder.tables.mean, kind: .mean)
        } catch {
            throw CodecError(error)
        }
        guard
            let payload = SourcePayload(keypoints: unit, base: coded.base, picture: coded.bytes)
        else {
            throw .backend("\(unit.count) bytes of keypoints, \(coded.bytes.count) of a picture")
        }
        return EncodedSource(
            coded: CodedSource(identifier: identifier, payload: payload.bytes),
            picture: coded.shown, state: states[0], isWhole: side == nil,
            base: coded.base)
    }

    /// A picture as coded, the source that it is predicted from if any, and what the bytes give back.
    public func still(
        _ picture: VideoFrame, quantizer: Int, side: Int? = nil, from bases: [EncodedSource] = []
    ) throws(CodecError) -> (bytes: [UInt8], base: SourceIdentifier?, shown: VideoFrame) {
        let size = side.map { picture.size.shrunk(to: $0) } ?? picture.size
        guard let shrunk = picture.scaled(to: size) else {
            throw .unsupportedSize(width: size.width, height: size.height)
        }
        var best: (bytes: [UInt8], base: EncodedSource)?
        for base in bases where base.isWhole && side == nil {
            // A library that codes otherwise than the protocol wants leaves the source to stand alone.
            guard
                let bytes = try? stillEncoder.encode(
                    picture, from: base.picture, quantizer: quantizer)
            else { continue }
            if bytes.count < best?.bytes.count ?? .max { best = (bytes, base) }
        }
        let bytes = try stillEncoder.encode(shrunk, quantizer: quantizer)
        if let best, best.bytes.count < bytes.count {
            return (
                best.bytes, best.base.coded.identifier,
                try stillDecoder.decode(best.bytes, from: best.base.picture)
            )
        }
        let decoded = try stillDecoder.decode(bytes, largest: picture.size)
        guard let shown = decoded.scaled(to: picture.size) else {
            throw .unsupportedSize(width: picture.size.width, height: picture.size.height)
        }
        return (bytes, nil, shown)
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
