/// An eyeball: rings around the direction of the gaze, with white, iris and pupil.
enum EyeMesh {
    /// Builds an eyeball around the origin that looks along +z; the vertices turn with the gaze.
    static func build(appearance: HeadAppearance, detail: Float) -> Mesh {
        var mesh = Mesh(material: .eye)
        let radius = SkullSurface.eyeRadius
        let columns = max(12, Int(28 * detail))
        let noise = Noise(seed: appearance.seed &+ 31)
        // Distance from the axis as a part of the iris' radius; pairs make crisp edges.
        let rings: [Float] = [
            0, 0.36, 0.40, 0.55, 0.72, 0.86, 0.94, 1.04, 1.12, 1.35, 1.7, 2.1, 2.5,
        ]
        let iris: Float = 0.071
        for ring in rings {
            let across = min(ring * iris, radius * 0.995)
            let z = (radius * radius - across * across).squareRoot()
            for column in 0...columns {
                let angle = Float(column) / Float(columns) * 2 * .pi
                let (s, c) = (Elementary.sine(angle), Elementary.cosine(angle))
                mesh.add(
                    Vector3(-s * across, c * across, z),
                    colour: colour(ring, angle: angle, appearance: appearance, noise: noise))
            }
        }
        mesh.grid(first: 0, rows: rings.count, columns: columns + 1)
        return mesh
    }

    private static func colour(
        _ ring: Float, angle: Float, appearance: HeadAppearance, noise: Noise
    ) -> Vector3 {
        if ring < 0.38 { return Vector3(0.004, 0.004, 0.005) }
        if ring < 0.98 {
            let ray = noise.at(Elementary.sine(angle) * 5, Elementary.cosine(angle) * 5, ring * 2)
            let inner = smoothstep(0.75, 0.4, ring)
            let base =
                appearance.iris * (1.15 + 0.35 * ray)
                * mix(Vector3(1, 1, 1), Vector3(1.3, 1.1, 0.8), inner)
            return base * mix(0.9, 0.3, smoothstep(0.7, 0.94, ring))
        }
        let white = Vector3(0.74, 0.70, 0.67)
        let vein = Vector3(0.66, 0.47, 0.42)
        return mix(
            mix(appearance.iris * 0.4, white, smoothstep(0.98, 1.14, ring)), vein,
            smoothstep(1.6, 2.5, ring) * 0.7)
    }

    /// Builds the light that a lamp leaves on the wet eye: a small disc around the origin, towards
    /// +z.
    static func glint(radius: Float, strength: Float) -> Mesh {
        var mesh = Mesh(material: .glow)
        let sides = 10
        mesh.add(.zero, colour: Vector3(repeating: strength))
        for side in 0..<sides {
            let angle = Float(side) / Float(sides) * 2 * .pi
            mesh.add(
                Vector3(Elementary.cosine(angle), Elementary.sine(angle), 0) * radius,
                colour: Vector3(repeating: strength * 0.85))
        }
        for side in 0..<sides { mesh.triangle(0, 1 + side, 1 + (side + 1) % sides) }
        return mesh
    }
}
