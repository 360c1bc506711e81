import Foundation
import Media
import VideoCoding

/// One line of a statistics file: what a sender saw when it looked at its call, and what it decided.
public struct SourceLine: Codable, Hashable, Sendable {
    /// Always `source`.
    public var kind = "source"
    /// Seconds since the first picture.
    public var time: Double
    /// The picture that was looked at.
    public var picture: Int
    /// How far what the receiver shows is from it (``VideoCoding/PictureDistance``).
    public var distance: Double?
    /// A picture before it that was rehearsed once more, to see what the newest source brings; how far it was, how far
    /// it was expected to be, and how far it is.
    public var tried: Int?
    public var triedBefore: Double?
    public var triedExpected: Double?
    public var triedFound: Double?
    /// What of an expected gain is counted on, by what the latest sources brought: 0…1.
    public var trust: Double?
    /// How far what the stream shows, or would show where warping looks bad, is from it.
    public var streamed: Double?
    /// How much detail it has.
    public var sharpness: Double
    /// What the call left for sources, in thousands of bits a second.
    public var kilobitsPerSecond: Double
    /// Bytes of sources that had not arrived.
    public var underWay: Int
    /// The sources that the receiver rebuilds from.
    public var sources: [Int]
    /// The picture that becomes a source; nothing where none does.
    public var source: Int?
    /// Why: `newScene`, `newPose`, `refinement`, `interval`.
    public var reason: String?
    /// AV1's quantiser.
    public var quantizer: Int?
    /// By how much the distance is expected to fall.
    public var gain: Double?
    /// The bytes it takes.
    public var bytes: Int?
    /// The source that it is predicted from; nothing for one that stands alone.
    public var base: Int?
    /// The sources that it replaces.
    public var replaced: [Int]?
    /// Sources that are given up.
    public var dropped: [Int] = []

    init(_ look: SourceLook, _ order: SourceOrder?, _ sources: [SourceIdentifier]) {
        let rounded = { (value: Double) in (value * 10_000).rounded() / 10_000 }
        time = rounded(look.time.seconds)
        picture = Int(look.picture.rawValue)
        distance = look.distance.map(rounded)
        tried = look.trial.map { Int($0.picture.rawValue) }
        triedBefore = look.trial.map { rounded($0.before) }
        triedExpected = look.trial.map { rounded($0.expected) }
        triedFound = look.trial?.found.map(rounded)
        sharpness = rounded(look.sharpness)
        kilobitsPerSecond = rounded(look.rate.kilobitsPerSecond)
        underWay = look.underWay.bytes
        self.sources = sources.map { Int($0.rawValue) }
        guard let order else { return }
        source = Int(order.picture.rawValue)
        reason = "\(order.reason)"
        quantizer = order.quantizer
        gain = rounded(order.gain)
        replaced = order.replaced.map { Int($0.rawValue) }
    }
}
