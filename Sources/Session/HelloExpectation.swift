public import Media
import WireFormat

/// What a receiver can take part in; a hello that does not fit is refused with the reason.
public struct HelloExpectation: Hashable, Sendable {
    /// The picture size that the network works at.
    public let size: PictureSize
    /// The rate that pictures are shown at.
    public let rate: PictureRate
    /// The keypoints that the network takes.
    public let keypointCount: Int
    /// SHA-256 that names this end's weights.
    public let weightsHash: [UInt8]

    /// Makes an expectation.
    public init(size: PictureSize, rate: PictureRate, keypointCount: Int, weightsHash: [UInt8]) {
        self.size = size
        self.rate = rate
        self.keypointCount = keypointCount
        self.weightsHash = weightsHash
    }

    /// Why a call that is introduced so cannot be joined; nothing where it can.
    func refusal(of hello: HelloFrame) -> GoodbyeFrame.Reason? {
        guard hello.size == size, hello.rate == rate, hello.keypointCount == keypointCount else {
            return .unsupported
        }
        return hello.weightsHash == weightsHash ? nil : .weightsDiffer
    }
}
