/// A rotation as three columns.
struct Rotation {
    private var x: Vector3
    private var y: Vector3
    private var z: Vector3

    /// A turn by `yaw` (positive: the face towards +x), `pitch` (positive: up), `roll` (positive:
    /// crown towards −x).
    init(yaw: Float, pitch: Float, roll: Float) {
        let (sy, cy) = (Elementary.sine(yaw), Elementary.cosine(yaw))
        let (sp, cp) = (Elementary.sine(pitch), Elementary.cosine(pitch))
        let (sr, cr) = (Elementary.sine(roll), Elementary.cosine(roll))
        // Roll first, then pitch, then yaw.
        func apply(_ v: Vector3) -> Vector3 {
            let a = Vector3(cr * v.x - sr * v.y, sr * v.x + cr * v.y, v.z)
            let b = Vector3(a.x, cp * a.y + sp * a.z, cp * a.z - sp * a.y)
            return Vector3(cy * b.x + sy * b.z, b.y, cy * b.z - sy * b.x)
        }
        x = apply(Vector3(1, 0, 0))
        y = apply(Vector3(0, 1, 0))
        z = apply(Vector3(0, 0, 1))
    }

    /// The vector, turned.
    @inline(__always)
    func callAsFunction(_ v: Vector3) -> Vector3 { x * v.x + y * v.y + z * v.z }
}
