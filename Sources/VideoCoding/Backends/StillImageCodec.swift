public import Media

/// Compresses one picture on its own: a source image, or the whole picture when warping fails.
public protocol StillImageEncoder: AnyObject {
    /// Codes `frame` as one key frame.
    ///
    /// - Parameter quantizer: 0 (finest) … 63 (coarsest), as libaom and libvpx count.
    /// - Returns: a self-contained key frame, some 1–5 KB at 256×256.
    func encode(_ frame: VideoFrame, quantizer: Int) throws(CodecError) -> [UInt8]

    /// Codes `frame` as what differs from a picture that the receiver has, in fewer bytes where both show the
    /// same scene.
    ///
    /// - Parameters:
    ///   - base: a picture of the same size, to the last bit as the receiver has it.
    ///   - quantizer: 0 (finest) … 63 (coarsest), as libaom counts.
    /// - Returns: what ``StillImageDecoder/decode(_:from:)`` takes; nothing from a codec that does not predict.
    func encode(
        _ frame: VideoFrame, from base: VideoFrame, quantizer: Int
    ) throws(CodecError) -> [UInt8]?
}

extension StillImageEncoder {
    public func encode(
        _ frame: VideoFrame, from base: VideoFrame, quantizer: Int
    ) throws(CodecError) -> [UInt8]? { nil }
}

/// Rebuilds a picture that a ``StillImageEncoder`` made.
public protocol StillImageDecoder: AnyObject {
    /// Decodes one key frame; `bytes` come from the network and may be anything.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)`` for bytes that are no key frame of at most
    ///   `largest` pixels a side.
    func decode(_ bytes: [UInt8], largest: PictureSize) throws(CodecError) -> VideoFrame

    /// Decodes what was coded from a picture that is held; `bytes` come from the network and may be anything.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)`` for bytes that are nothing of the kind, and from a codec that
    ///   does not predict.
    func decode(_ bytes: [UInt8], from base: VideoFrame) throws(CodecError) -> VideoFrame
}

extension StillImageDecoder {
    public func decode(
        _ bytes: [UInt8], from base: VideoFrame
    ) throws(CodecError) -> VideoFrame {
        throw .corrupt(reason: "this codec predicts nothing")
    }
}
