public import Media

/// A rendered talking head: a moving picture of a person, made from a seed.
///
/// It stands in where no clip or camera is at hand, as a test pattern does. The head is a mesh with
/// a skeleton of one joint, blend shapes for the face, turning eyes and closing lids, lit by three
/// lamps, before a backdrop that stays still. Every picture is a function of seed, size and time
/// alone, so times may be asked for in any order.
public struct SyntheticHead: Sendable {
    /// The seed of the head that is shown unless another is asked for.
    public static let defaultSeed: UInt64 = 53

    /// What the person looks like.
    public let appearance: HeadAppearance
    /// How the person moves.
    public let script: HeadScript
    /// Width and height of the pictures.
    public let size: PictureSize

    private let renderer: HeadRenderer

    /// Builds the person of a seed. It takes a fraction of a second; pictures are quick after that.
    public init(seed: UInt64 = Self.defaultSeed, size: PictureSize = .standard) {
        self.init(
            appearance: HeadAppearance(seed: seed), script: HeadScript(seed: seed), size: size)
    }

    /// Builds a person of a certain look.
    public init(appearance: HeadAppearance, script: HeadScript, size: PictureSize = .standard) {
        self.appearance = appearance
        self.script = script
        self.size = size
        renderer = HeadRenderer(appearance: appearance, size: size)
    }

    /// The picture at a time.
    public func image(at time: MediaTime) -> RGBImage {
        image(pose: script.pose(at: time), expression: script.expression(at: time))
    }

    /// The picture at a time, as I420 with that time.
    public func frame(at time: MediaTime) -> VideoFrame {
        guard let frame = VideoFrame(image(at: time), time: time) else {
            preconditionFailure("A picture of an even size always converts.")
        }
        return frame
    }

    /// The picture of a certain pose and expression.
    public func image(pose: HeadPose, expression: HeadExpression) -> RGBImage {
        let pixels = renderer.draw(pose, expression)
        return RGBImage(width: size.width, height: size.height, pixels: pixels)
            ?? RGBImage(size: size, red: 0, green: 0, blue: 0)
    }
}
