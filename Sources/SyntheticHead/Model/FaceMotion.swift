/// Makes the movements of a face's vertices.
struct FaceMotion {
    /// The axis that the jaw turns about.
    static let hinge = Vector3(0, -0.25, 0.05)
    /// How far the jaw turns when fully open, radians.
    static let jawAngle: Float = 0.25

    private let grid: HeadGrid
    private let eye: Vector3

    /// Prepares for a face.
    init(grid: HeadGrid, eye: Vector3) {
        self.grid = grid
        self.eye = eye
    }

    /// The way of a point on the jaw when it opens fully.
    static func drop(_ p: Vector3) -> Vector3 {
        Vector3(0, -(p.z - hinge.z), p.y - hinge.y) * jawAngle
    }

    /// The movements of a vertex; `below` says on which side of the line between the lips it is.
    func morph(
        of p: Vector3, azimuth: Float, elevation: Float, below: Bool
    ) -> FaceMorph {
        var morph = FaceMorph()
        guard p.z > -0.3 else { return morph }
        let s = azimuth / grid.mouthAzimuth
        let e = elevation - grid.mouthElevation
        let side: Float = p.x < 0 ? -1 : 1
        let a = abs(s)
        // Jaw: a step at the lips, smooth beside the mouth.
        let cheek = smoothstep(0.14, -0.26, e + 0.02)
        let edge = smoothstep(0.25, 1.25, a)
        let share = mix(below ? 1 : 0, cheek, below ? edge * edge : edge * edge * edge)
        morph.jaw = Self.drop(p) * share * smoothstep(-0.1, 0.35, p.z)
        guard p.z > 0.2 else { return morph }

        let near = bell(e, 0.2) * bell(max(0, a - 1), 0.7)
        let lip = max(0, 1 - s * s) * bell(e, 0.13)
        morph.parted = Vector3(0, below ? -0.05 : 0.035, 0.008) * lip
        morph.pressed =
            Vector3(0, (below ? 0.55 : -0.55) * min(0.06, abs(e)), -0.028) * bell(e, 0.1)
            * smoothstep(1.2, 0.7, a)
        let spread = smoothstep(0, 0.9, a) * side
        morph.wide = Vector3(0.06 * spread, 0, -0.03 * smoothstep(0.4, 1, a)) * near
        let pucker = min(a, 1.4) * bell(max(0, a - 1), 0.6) * side
        morph.round =
            Vector3(-0.115 * pucker, 0, 0) * bell(e, 0.22)
            + Vector3(0, below ? -0.014 : 0.01, 0.075) * bell(e, 0.15) * bell(s, 1.0)
        let corner = bell(a - 1.0, 0.62) * bell(e, 0.2)
        let apple = bell(abs(p.x) - 0.40, 0.17) * bell(p.y + 0.36, 0.17)
        morph.smile =
            Vector3(0.045 * side, 0.075, -0.04) * corner
            + Vector3(0.012 * side, 0.045, 0.05) * apple
            + Vector3(0, below ? -0.015 : 0.012, -0.012) * lip
        let ridge =
            bell(p.y - 0.24, 0.17) * smoothstep(0.75, 0.3, abs(p.x)) * smoothstep(0.06, 0.2, p.y)
        morph.brow = Vector3(0, 0.085, 0) * ridge
        return morph
    }
}
