/// The keypoints of one picture, in the detector's order.
public struct Keypoints: Hashable, Sendable {
    /// The keypoints; index k always means the same feature of the head.
    public var points: [Keypoint]

    /// How many keypoints the shipped network uses.
    public static let standardCount = 20

    /// Makes the keypoints of a picture.
    public init(_ points: [Keypoint]) { self.points = points }

    /// How many there are.
    public var count: Int { points.count }
}
