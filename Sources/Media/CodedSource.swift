/// A coded source image on its way to the receiver.
public struct CodedSource: Hashable, Sendable {
    /// The source's name within the call.
    public let identifier: SourceIdentifier
    /// The bytes, as `Protocol/sources.md` defines them: keypoints and an AV1 picture.
    public let payload: [UInt8]

    /// Makes a coded source.
    public init(identifier: SourceIdentifier, payload: [UInt8]) {
        self.identifier = identifier
        self.payload = payload
    }
}
