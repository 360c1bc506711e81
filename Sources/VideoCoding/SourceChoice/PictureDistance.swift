public import Media

/// A cheap perceptual distance from one picture, on the scale of LPIPS (Zhang et al., CVPR 2018; AlexNet).
///
/// Mostly how much detail there is around each place (the energy of the luma's gradients, in full size and
/// at half), wherever exactly it lies; a little, whether it lies where it should. The shares
/// were fitted to LPIPS on held-out clips; how well the order of pictures then agrees with it on others is
/// measured in `Examples/Measurements/source-policy`.
public struct PictureDistance: Sendable {
    private let size: PictureSize
    private let levels: [GradientField]

    /// The picture that others are compared to.
    public init(_ frame: VideoFrame) {
        size = frame.size
        levels = Self.fields(frame)
    }

    /// What a level's detail counts, the full size first.
    private static let textureShares = [1.02, 0.51]
    /// What the places of it count.
    private static let structureShare = 0.03

    /// How far a picture is: 0 for an equal one, about 0.05 for one that is hard to tell from it, 0.3 for
    /// a blurred one; infinitely far for one of another size.
    public func distance(to other: VideoFrame) -> Double {
        guard other.size == size else { return .infinity }
        var sum = 0.0
        for (share, (level, field)) in zip(Self.textureShares, zip(levels, Self.fields(other))) {
            let difference = level.difference(from: field)
            sum += share * difference.texture + Self.structureShare * difference.structure
        }
        return sum
    }

    /// How much detail the picture has: the mean gradient in full size, in levels a pixel.
    public var sharpness: Double { levels.first?.strength ?? 0 }

    private static func fields(_ frame: VideoFrame) -> [GradientField] {
        let luma = LumaPlane(frame)
        return [luma, luma.halved].compactMap { GradientField($0) }
    }
}
