import Media
import VideoCoding

/// One picture, the *base*, and an encoder that codes others from it.
///
/// The base enters libaom, and later dav1d, as a lossless key frame, which never travels: both ends have
/// the base's samples and make it themselves. What is coded from it is *error resilient*: it takes from
/// the reference its samples alone, no probabilities and no motion (AV1 specification, section 5.9.2), so it
/// does not matter how the key frame was coded.
final class AOMPrediction {
    /// The base's samples.
    let base: VideoFrame
    /// The base as a sequence header and a key frame without loss, for a decoder to begin with.
    let keyFrame: [UInt8]
    private var context: AOMContext

    /// Opens an encoder and gives it its base.
    ///
    /// - Throws: ``CodecError/backend(_:)`` with libaom's words, or where its sequence header is not
    ///   ``PredictionSequence``.
    init(base: VideoFrame) throws(CodecError) {
        var context = try AOMContext(base: base.size)
        keyFrame = try context.encode(base: base)
        self.context = context
        self.base = base
        let sequence = try OpenBitstreamUnit(keyFrame[...])
        guard PredictionSequence(base.size).isEqual(to: sequence.payload) else {
            throw .backend("this libaom writes another sequence header than the protocol's")
        }
    }

    /// Codes a picture of the base's size at one quantizer (0 … 63).
    ///
    /// - Returns: one frame unit, without a sequence header.
    func encode(_ frame: VideoFrame, quantizer: UInt32) throws(CodecError) -> [UInt8] {
        try context.encode(predicted: frame, quantizer: quantizer)
    }

    /// Whether this is the base.
    func isBased(on frame: VideoFrame) -> Bool {
        frame.size == base.size && frame.y == base.y && frame.u == base.u && frame.v == base.v
    }
}
