public import Media
import SyntheticHead

/// The rendered talking head as a source of pictures; it never ends.
public final class HeadSource: PictureSource {
    public let isLive = false
    public let expectedCount: Int? = nil
    private let head: SyntheticHead
    private let rate: PictureRate
    private var number = 0

    /// Starts the head of this seed; nothing where the seed is nothing gives the usual head.
    public init(seed: UInt64?, size: PictureSize = .standard, rate: PictureRate = .standard) {
        head = seed.map { SyntheticHead(seed: $0, size: size) } ?? SyntheticHead(size: size)
        self.rate = rate
    }

    public func next() -> VideoFrame? {
        defer { number += 1 }
        return head.frame(at: rate.time(ofPicture: number))
    }
}
