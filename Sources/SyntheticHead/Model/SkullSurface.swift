/// The skin of a head at rest as a signed-distance field: a smooth union of ellipsoids, balls and
/// capsules.
struct SkullSurface {
    /// The point that rays to the surface start from.
    static let centre = Vector3(0, -0.1, 0.05)
    /// Radius of the eyeballs.
    static let eyeRadius: Float = 0.165

    /// Where the eyeball on the picture's right is.
    let eye: Vector3
    /// Height of the nose's tip.
    let noseTip: Vector3
    private let shape: FaceShape
    private let feminine: Float

    /// Makes the surface for an appearance.
    init(_ appearance: HeadAppearance) {
        shape = appearance.shape
        feminine = appearance.femininity
        eye = Vector3(0.315 * shape.eyeDistance, 0, 0.595)
        noseTip = Vector3(0, -0.385 * shape.noseLength, 0.885 + 0.15 * shape.noseHeight)
    }

    /// Signed distance, about; negative inside.
    func distance(_ point: Vector3) -> Float {
        let p = Vector3(abs(point.x), point.y, point.z)
        let full = shape.fullness
        var d = ellipsoid(
            p, Vector3(0, 0.30, -0.10), Vector3(0.755 * shape.width, 0.83, 0.93))
        let jaw = ellipsoid(
            p, Vector3(0, -0.42, 0.26),
            Vector3(0.55 * shape.jaw + 0.025 * full, 0.74 + 0.03 * shape.chin, 0.60))
        d = blend(d, jaw, 0.22)
        // The angle of the jaw and the chin.
        d = blend(
            d, ball(p, Vector3(0.385 * shape.jaw, -0.58, 0.08), 0.11 + 0.02 * full), 0.28)
        let chin = Vector3(0, -1.0 - 0.05 * shape.chin, 0.68)
        d = blend(
            d, ellipsoid(p, chin, Vector3(0.19 - 0.04 * feminine, 0.145, 0.17)), 0.20)
        // Cheekbones, and the cheeks below.
        d = blend(
            d,
            ellipsoid(
                p, Vector3(0.455, -0.17, 0.49),
                Vector3(0.19, 0.14, 0.16) * (0.9 + 0.2 * shape.cheeks)), 0.18)
        d = blend(d, ball(p, Vector3(0.31, -0.46, 0.55), 0.175 + 0.03 * full), 0.22)
        // Muzzle behind the lips.
        d = blend(d, ellipsoid(p, Vector3(0, -0.70, 0.66), Vector3(0.28, 0.22, 0.215)), 0.13)
        // Sockets, then the ridge above them.
        d = -blend(
            -d, ellipsoid(p, Vector3(eye.x, -0.015, 0.93), Vector3(0.20, 0.115, 0.165)), 0.12)
        let ridge = capsule(
            p, Vector3(0, 0.175, 0.775), Vector3(0.42, 0.20, 0.61), 0.065 + 0.035 * shape.browRidge)
        d = blend(d, ridge, 0.11)
        // Lids over the balls.
        d = blend(d, ball(p, eye, Self.eyeRadius * 1.075), 0.045)
        // Nose: bridge, tip, wings.
        let w = shape.noseWidth
        let bridge = capsule(
            p, Vector3(0, 0.08, 0.745), noseTip - Vector3(0, -0.06, 0.075), 0.058 + 0.012 * w,
            0.075 + 0.012 * w)
        d = blend(d, bridge, 0.09)
        d = blend(d, ball(p, noseTip - Vector3(0, 0, 0.095), 0.077 + 0.02 * w), 0.05)
        d = blend(
            d,
            ellipsoid(
                p, Vector3(0.098 * w, noseTip.y - 0.03, noseTip.z - 0.17),
                Vector3(0.052 + 0.012 * w, 0.062, 0.085)), 0.045)
        return d
    }

    /// How far the surface lies from ``centre`` in a direction of length 1.
    func radius(_ direction: Vector3) -> Float {
        var r: Float = 1.75
        for _ in 0..<48 {
            let d = distance(Self.centre + direction * r)
            if d < 0.0008 { break }
            r -= d * 0.85
            if r < 0.2 { break }
        }
        return r
    }

    /// The part of the sky that a point with this normal sees, 0…1, near the surface.
    func openness(_ point: Vector3, normal: Vector3) -> Float {
        var hidden: Float = 0
        for (step, weight) in [(0.05 as Float, 0.9 as Float), (0.12, 0.8), (0.25, 0.55)] {
            hidden += weight * max(0, step - distance(point + normal * step)) / step
        }
        return max(0.15, 1 - 0.55 * hidden)
    }

    @inline(__always)
    private func ball(_ p: Vector3, _ centre: Vector3, _ radius: Float) -> Float {
        (p - centre).length - radius
    }

    @inline(__always)
    private func ellipsoid(_ p: Vector3, _ centre: Vector3, _ radii: Vector3) -> Float {
        let q = (p - centre) / radii
        let k = q.length
        let g = (q / radii).length
        return g > 1e-6 ? k * (k - 1) / g : -radii.min()
    }

    @inline(__always)
    private func capsule(
        _ p: Vector3, _ a: Vector3, _ b: Vector3, _ r0: Float, _ r1: Float? = nil
    ) -> Float {
        let along = b - a
        let t = saturate((p - a).dot(along) / along.dot(along))
        return (p - a - along * t).length - mix(r0, r1 ?? r0, t)
    }

    /// Smooth union (polynomial, radius `k`).
    @inline(__always)
    private func blend(_ a: Float, _ b: Float, _ k: Float) -> Float {
        let h = max(0, k - abs(a - b)) / k
        return min(a, b) - h * h * k * 0.25
    }
}
