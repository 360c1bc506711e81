public import Media

/// A source that a policy wants to be coded and sent, and why.
public struct SourceOrder: Hashable, Sendable {
    /// Why a source pays.
    public enum Reason: Hashable, Sendable {
        /// The camera has changed so much that nothing that is held fits.
        case newScene
        /// Pictures like this one are rebuilt badly.
        case newPose
        /// A source that is used much is coded more finely.
        case refinement
        /// It is time for one.
        case interval
    }

    /// The picture that becomes a source: one of the policy's ``SourcePolicy/remembered``.
    public var picture: PictureNumber
    /// AV1's quantiser.
    public var quantizer: Int
    /// The longer side of the key frame, where it is to be smaller than the picture.
    public var side: Int?
    /// The sources that are used no more once it is there.
    public var replaced: [SourceIdentifier]
    /// Why.
    public var reason: Reason
    /// By how much the distance is expected to fall, mean over the pictures that are remembered.
    public var gain: Double
    /// The bytes that it is expected to take.
    public var size: DataSize

    /// Makes an order.
    public init(
        picture: PictureNumber, quantizer: Int, side: Int? = nil, replaced: [SourceIdentifier],
        reason: Reason, gain: Double, size: DataSize
    ) {
        self.picture = picture
        self.quantizer = quantizer
        self.side = side
        self.replaced = replaced
        self.reason = reason
        self.gain = gain
        self.size = size
    }
}
