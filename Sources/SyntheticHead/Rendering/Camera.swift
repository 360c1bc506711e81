import Media

/// The camera: looks along −z at the head.
struct Camera {
    /// Where it stands.
    let position: Vector3
    private let scale: Float
    private let middle: SIMD2<Float>

    /// Places the camera for a framing; two samples to a pixel both ways.
    init(framing: CameraFraming, size: PictureSize) {
        let side = Float(min(size.width, size.height)) * 2
        position = Vector3(0, 0, framing.distance)
        // The head is 2.3 units high.
        scale = framing.headHeight * side / 2.3 * framing.distance
        middle = SIMD2(
            Float(size.width) + framing.offsetX * side, Float(size.height) - framing.offsetY * side)
    }

    /// Place in samples, and one over the distance.
    @inline(__always)
    func project(_ p: Vector3) -> Vector3 {
        let nearness = 1 / max(0.5, position.z - p.z)
        return Vector3(
            middle.x + p.x * scale * nearness, middle.y - p.y * scale * nearness, nearness)
    }
}
