public import Media

/// Compresses one picture on its own: a source image, or the whole picture when warping fails.
public protocol StillImageEncoder: AnyObject {
    /// Codes `frame` as one key frame.
    ///
    /// - Parameter quantizer: 0 (finest) … 63 (coarsest), as libaom and libvpx count.
    /// - Returns: a self-contained key frame, some 1–5 KB at 256×256.
    func encode(_ frame: VideoFrame, quantizer: Int) throws(CodecError) -> [UInt8]
}

/// Rebuilds a picture that a ``StillImageEncoder`` made.
public protocol StillImageDecoder: AnyObject {
    /// Decodes one key frame; `bytes` come from the network and may be anything.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)`` for bytes that are no key frame of at most
    ///   `largest` pixels a side.
    func decode(_ bytes: [UInt8], largest: PictureSize) throws(CodecError) -> VideoFrame
}
