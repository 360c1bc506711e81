/// Glasses: two rims, a bridge and the temples.
enum GlassesMesh {
    /// Builds glasses for an appearance.
    static func build(appearance: HeadAppearance, skull: SkullSurface) -> Mesh {
        var mesh = Mesh(material: .gloss)
        var random = RandomSequence(seed: appearance.seed, stream: 51)
        let width = random.within(0.23...0.265)
        let height = random.within(0.165...0.215)
        let square = random.within(0.45...1)
        let thick = random.within(0.013...0.026)
        let colour = appearance.rims
        func rim(_ side: Float) -> [Vector3] {
            (0...36).map { step in
                let angle = Float(step) / 36 * 2 * .pi
                let (s, c) = (Elementary.sine(angle), Elementary.cosine(angle))
                let x = (s < 0 ? -1 : 1) * Elementary.power(abs(s), square) * width
                let y = (c < 0 ? -1 : 1) * Elementary.power(abs(c), square) * height
                let across = skull.eye.x + 0.01 + x
                return Vector3(side * across, skull.eye.y - 0.02 + y, 0.93 - 0.35 * across * across)
            }
        }
        func add(_ path: [Vector3], _ thickness: Float) {
            mesh.tube(
                path: path, widths: path.map { _ in thickness }, flatness: 0.9,
                outward: path.map { _ in Vector3(0.1, 0.2, 1) }, sides: 7,
                headWeight: { _ in 1 }, openness: 1, colour: { _, _ in colour })
        }
        add(rim(1), thick)
        add(rim(-1), thick)
        let inner = skull.eye.x + 0.01 - width
        add(
            (0...6).map { step in
                let x = (Float(step) / 3 - 1) * inner
                return Vector3(x, 0.04 + 0.025 * (1 - x * x / (inner * inner)), 0.935)
            }, thick)
        let outer = skull.eye.x + 0.01 + width
        for side: Float in [-1, 1] {
            let hinge = 0.93 - 0.35 * outer * outer
            add(
                [
                    Vector3(side * outer, 0.06, hinge),
                    Vector3(side * (outer + 0.09), 0.06, hinge - 0.10),
                    Vector3(side * 0.80, 0.05, 0.35), Vector3(side * 0.83, 0.04, -0.05),
                ], thick * 0.9)
        }
        return mesh
    }
}
