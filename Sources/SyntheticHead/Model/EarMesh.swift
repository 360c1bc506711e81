/// An ear: a tilted shell with a rolled rim and a hollow.
enum EarMesh {
    /// Builds the ear on one side (−1: the picture's left, 1: the right) whose root lies at `root`.
    static func build(appearance: HeadAppearance, root: Vector3, side: Float) -> Mesh {
        var mesh = Mesh(material: .skin)
        let rings = 9
        let columns = 28
        for ring in 0...rings {
            let r = Float(ring) / Float(rings)
            for column in 0...columns {
                let angle = Float(column) / Float(columns) * 2 * .pi
                // Local: u towards the back of the head, v up, w away from the head.
                let (s, c) = (Elementary.sine(angle), Elementary.cosine(angle))
                let lobe = smoothstep(-0.2, -1, c)
                let u = s * (0.155 - 0.065 * lobe) * (r < 0.92 ? r / 0.92 : r > 0.97 ? 0.7 : 1)
                let v = c * (0.285 - 0.03 * lobe) * (r < 0.92 ? r / 0.92 : r > 0.97 ? 0.7 : 1)
                let rim = bell(r - 0.80, 0.13) * (0.045 - 0.02 * lobe)
                let fold = bell(r - 0.50, 0.09) * 0.022 * smoothstep(-0.6, 0.2, s)
                let hollow = -0.055 * bell(r, 0.36)
                let flare = 0.11 * (u + 0.17) / 0.3
                let w = r > 0.95 ? -0.09 : 0.05 + rim + fold + hollow + flare
                let place = Vector3(
                    side * (w + 0.30 * u), v + 0.18 * -u, -u * 0.92)
                let dark = mix(0.42, 1, smoothstep(0.0, 0.5, r)) * (1 - 0.25 * bell(r - 0.64, 0.07))
                let red = mix(
                    Vector3(1, 1, 1), Vector3(1.02, 0.80, 0.76),
                    0.75 * (1 - 0.6 * appearance.skinDepth))
                mesh.add(root + place, colour: appearance.skin * red * dark, openness: dark)
            }
        }
        let first = 0
        for row in 0..<rings {
            for column in 0..<columns {
                let a = first + row * (columns + 1) + column
                let (b, c, d) = (a + 1, a + columns + 1, a + columns + 2)
                // Seen from the side, the angle runs clockwise on the right ear, anticlockwise on
                // the left one.
                if side > 0 {
                    mesh.triangle(a, b, c)
                    mesh.triangle(b, d, c)
                } else {
                    mesh.triangle(a, c, b)
                    mesh.triangle(b, c, d)
                }
            }
        }
        return mesh
    }
}
