/// The almond between the lids of an open eye.
struct EyeOpening {
    private let eye: Vector3
    private let halfWidth: Float
    private let upper: Float
    private let lower: Float
    private let tilt: Float

    /// Makes the opening of a face; `eye` is the middle of the eyeball on the picture's right.
    init(shape: FaceShape, eye: Vector3) {
        self.eye = eye
        halfWidth = 0.168 * shape.eyeSize
        upper = 0.085 * shape.eyeSize
        lower = 0.054 * shape.eyeSize
        tilt = 0.022 * shape.eyeTilt
    }

    /// Height above the lower lid's edge, and the height of the open eye at that place.
    ///
    /// Inside of the opening the first is between 0 and the second.
    func lid(at position: Vector3) -> SIMD2<Float> {
        guard position.z > 0.35, abs(position.y - eye.y) < 0.3 else { return SIMD2(-9, -1) }
        let s = (abs(position.x) - eye.x) / halfWidth
        guard abs(s) < 1.8 else { return SIMD2(-9, -1) }
        let room = 1 - s * s
        let slant = eye.y + tilt * s
        let low = slant - lower * room
        // The highest place of the upper lid lies a little towards the nose.
        let high = slant + upper * room * (1 - 0.16 * s)
        return SIMD2(position.y - low, high - low)
    }
}
