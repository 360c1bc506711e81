/// A location in a picture and how much it counts there.
public struct Keypoint: Hashable, Sendable {
    /// Horizontal location, −1 at the left edge of the picture to 1 at the right one.
    public var x: Float
    /// Vertical location, −1 at the top edge of the picture to 1 at the bottom one.
    public var y: Float
    /// Strength (visibility), 0…1: scales the keypoint's Gaussian (Implicit Warping, section 3.1).
    public var strength: Float

    /// Makes a keypoint.
    public init(x: Float, y: Float, strength: Float) {
        self.x = x
        self.y = y
        self.strength = strength
    }
}
