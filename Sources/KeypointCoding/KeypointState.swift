public import Media

/// Keypoints as whole numbers, bit-exactly the same at both ends: x, y and strength of each.
///
/// Locations are in 1/64 pixel of 256 from the left and top edge (2^−13 of −1…1), strengths in
/// 1/4096. Values may leave the picture; ``keypoints`` are inside.
public struct KeypointState: Hashable, Sendable {
    /// x, y, strength of the first keypoint, of the second one, ….
    package let values: [Int16]

    private static let locationUnits = 8192.0
    private static let strengthUnits = 4096.0

    /// Makes a state of its values, three for each keypoint.
    package init(values: [Int16]) { self.values = values }

    /// The state nearest to some keypoints; values out of range move to its end, NaN to zero.
    public init(_ keypoints: Keypoints) {
        values = keypoints.points.flatMap { point in
            [
                Self.whole((Double(point.x) + 1) * Self.locationUnits),
                Self.whole((Double(point.y) + 1) * Self.locationUnits),
                Self.whole(Double(point.strength) * Self.strengthUnits),
            ]
        }
    }

    /// How many keypoints there are.
    public var count: Int { values.count / 3 }

    /// The keypoints that this state shows: locations in −1…1, strengths in 0…1.
    public var keypoints: Keypoints {
        Keypoints(
            (0..<count).map { index in
                Keypoint(
                    x: Self.location(values[3 * index]), y: Self.location(values[3 * index + 1]),
                    strength: Float(max(0, min(4096, values[3 * index + 2]))) / 4096)
            })
    }

    /// Exact in 32-bit floats.
    private static func location(_ value: Int16) -> Float {
        Float(max(0, min(16384, value))) / 8192 - 1
    }

    private static func whole(_ value: Double) -> Int16 {
        guard !value.isNaN else { return 0 }
        let rounded = (max(-40000, min(40000, value)) + 0.5).rounded(.down)
        return Int16(clamping: Int(rounded))
    }
}
