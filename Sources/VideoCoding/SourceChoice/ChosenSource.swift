public import Media

/// A source that is in use or on its way, as a policy knows it: numbers only.
public struct ChosenSource: Hashable, Sendable {
    /// Its name.
    public var identifier: SourceIdentifier
    /// The picture that it was made of; nothing for one that is no picture of the call.
    public var picture: PictureNumber?
    /// Its keypoints.
    public var keypoints: Keypoints
    /// How far the coded picture is from the original (``PictureDistance``).
    public var loss: Double
    /// Its bytes.
    public var size: DataSize
    /// AV1's quantiser.
    public var quantizer: Int
    /// Whether it was made small and scaled up.
    public var isCoarse: Bool

    /// Makes a description of a source.
    public init(
        identifier: SourceIdentifier, picture: PictureNumber?, keypoints: Keypoints, loss: Double,
        size: DataSize, quantizer: Int, isCoarse: Bool
    ) {
        self.identifier = identifier
        self.picture = picture
        self.keypoints = keypoints
        self.loss = loss
        self.size = size
        self.quantizer = quantizer
        self.isCoarse = isCoarse
    }
}
