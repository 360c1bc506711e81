/// Where a rendered head and its shoulders are at one moment.
public struct HeadPose: Hashable, Sendable {
    /// Turn about the vertical, radians, positive towards the picture's right.
    public var yaw: Float = 0
    /// Nod, radians, positive up.
    public var pitch: Float = 0
    /// Tilt, radians, positive with the crown to the picture's left.
    public var roll: Float = 0
    /// Movement of the whole body, units of ten centimetres: right, up, towards the camera.
    public var shift: SIMD3<Float> = .zero
    /// Lean of the body, radians, as ``roll``.
    public var lean: Float = 0
    /// Rise of the shoulders, units of ten centimetres.
    public var shrug: Float = 0

    /// Makes the pose that looks straight at the camera.
    public init() {}
}
