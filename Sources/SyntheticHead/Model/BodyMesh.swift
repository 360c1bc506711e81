/// Neck, shoulders and chest: rings from below the jaw downwards, partly clothed.
struct BodyMesh {
    private static let levels: [(y: Float, width: Float, depth: Float, centre: Float)] = [
        (-0.55, 0.42, 0.42, -0.12), (-1.0, 0.44, 0.45, -0.14), (-1.35, 0.46, 0.46, -0.18),
        (-1.58, 0.53, 0.49, -0.22), (-1.72, 0.72, 0.54, -0.25), (-1.86, 1.10, 0.62, -0.27),
        (-2.02, 1.56, 0.72, -0.25), (-2.25, 1.94, 0.84, -0.22), (-2.6, 2.12, 0.94, -0.18),
        (-3.2, 2.16, 1.0, -0.12), (-4.2, 2.1, 1.0, -0.1),
    ]

    private let appearance: HeadAppearance
    private let neck: Float
    private let shoulders: Float

    /// Prepares for an appearance.
    init(_ appearance: HeadAppearance) {
        self.appearance = appearance
        neck = 1.06 - 0.17 * appearance.femininity + 0.06 * appearance.shape.fullness
        shoulders = 1.03 - 0.13 * appearance.femininity
    }

    /// A point of the body's surface: `turn` from −π (back) over 0 (front) to π, `v` 0 (top) … 1.
    func point(turn: Float, down v: Float, lift: Float = 0) -> Vector3 {
        let levels = Self.levels
        let place = v * Float(levels.count - 1)
        let i = min(Int(place), levels.count - 2)
        let t = place - Float(i)
        // Catmull–Rom through the levels.
        func curve(_ value: ((y: Float, width: Float, depth: Float, centre: Float)) -> Float)
            -> Float
        {
            let a = value(levels[max(0, i - 1)])
            let b = value(levels[i])
            let c = value(levels[i + 1])
            let d = value(levels[min(levels.count - 1, i + 2)])
            let slope = (c - a) * 0.5
            let next = (d - b) * 0.5
            return b + t
                * (slope + t * (3 * (c - b) - 2 * slope - next + t * (2 * (b - c) + slope + next)))
        }
        let y = curve { $0.y }
        let broad = smoothstep(-1.5, -2.0, y)
        let width = curve { $0.width } * mix(neck, shoulders, broad) + lift
        let depth = curve { $0.depth } * mix(neck, 1, broad) + lift
        let s = Elementary.sine(turn)
        let c = Elementary.cosine(turn)
        // The chest is flatter than an ellipse.
        let square = mix(1, 0.82, broad)
        let x = (s < 0 ? -1 : 1) * Elementary.power(abs(s), square) * width
        let z = (c < 0 ? -1 : 1) * Elementary.power(abs(c), square) * depth + curve { $0.centre }
        return Vector3(x, y + lift * 0.5 * broad, z)
    }

    /// The point where it is drawn: the shoulders sit a little higher than the levels say.
    private func raised(_ p: Vector3) -> Vector3 {
        Vector3(p.x, p.y + 0.09 * smoothstep(-1.0, -1.5, p.y), p.z)
    }

    /// Height of the neckline at a turn.
    private func neckline(_ turn: Float) -> Float {
        let front = 0.5 + 0.5 * Elementary.cosine(turn)
        let round = mix(-1.52, -1.87, front * front)
        switch appearance.clothing {
        case .tShirt, .stripes: return round
        case .vNeck: return mix(-1.52, -2.28, smoothstep(0.62, 0, abs(turn)))
        case .shirt, .checks, .jacket: return mix(-1.44, -2.05, max(0, 1 - abs(turn) / 0.56))
        case .rollNeck: return -1.18 - 0.06 * front
        }
    }

    /// Builds the body.
    func build(detail: Float) -> Mesh {
        var mesh = Mesh(material: .cloth)
        let rows = Int(90 * detail) + 8
        let columns = Int(90 * detail) + 8
        for row in 0...rows {
            let v = Float(row) / Float(rows)
            for column in 0...columns {
                let u = Float(column) / Float(columns)
                let turn = (u * 2 - 1) * Float.pi
                let bare = point(turn: turn, down: v)
                let cover = smoothstep(0.02, -0.03, bare.y - neckline(turn))
                let thick: Float = appearance.clothing == .rollNeck ? 0.075 : 0.035
                // Folds of the cloth.
                let fold =
                    cover * 0.02 * Elementary.sine(turn * 9 + bare.y * 7)
                    * smoothstep(-1.9, -2.4, bare.y)
                let p = point(turn: turn, down: v, lift: cover * thick + fold)
                // Below the jaw little light arrives.
                let open = mix(0.35, 1, smoothstep(-0.95, -1.75, p.y + 0.18 * p.z))
                mesh.add(
                    raised(p), colour: Vector3(1, 1, 1), coordinate: SIMD2(u, v),
                    headWeight: smoothstep(-1.72, -0.85, p.y), openness: open)
            }
        }
        mesh.grid(first: 0, rows: rows + 1, columns: columns + 1)
        let noise = Noise(seed: appearance.seed &+ 41)
        let side = Int(380 * max(0.3, min(1.6, detail)))
        mesh.texture = Texture(width: side, height: side) { u, v in
            let turn = (u * 2 - 1) * Float.pi
            return colour(at: point(turn: turn, down: v), turn: turn, noise: noise)
        }
        return mesh
    }

    private func colour(at p: Vector3, turn: Float, noise: Noise) -> Vector3 {
        let depth = neckline(turn) - p.y
        var skin =
            appearance.skin * Vector3(0.96, 0.9, 0.88)
            * (1 + 0.04 * noise.layered(p.x * 5, p.y * 5, p.z * 5))
        // Collarbones and the hollow of the throat.
        skin *= 1 - 0.12 * bell(p.x, 0.08) * bell(p.y + 1.62, 0.1)
        let cover = smoothstep(-0.008, 0.008, depth)
        return mix(skin, cloth(at: p, turn: turn, depth: depth, noise: noise), cover)
    }

    private func cloth(at p: Vector3, turn: Float, depth: Float, noise: Noise) -> Vector3 {
        let weave =
            1 + 0.06 * noise.layered(p.x * 6, p.y * 6, p.z * 6) + 0.05
            * noise.at(p.x * 45, p.y * 45, p.z * 45)
        var c = appearance.cloth
        let accent = appearance.clothAccent
        func stripe(_ place: Float, _ share: Float) -> Float {
            let t = place - place.rounded(.down)
            return smoothstep(0, 0.08, t) * smoothstep(share + 0.08, share, t)
        }
        switch appearance.clothing {
        case .stripes:
            c = mix(c, accent, stripe(p.y * 5.2, 0.4))
        case .checks:
            let a = stripe(p.x * 4.6 + 0.2, 0.3)
            let b = stripe(p.y * 4.6, 0.3)
            c = mix(c, accent, 0.45 * (a + b))
            c *= 1 - 0.4 * stripe(p.x * 4.6 + 0.62, 0.06) - 0.4 * stripe(p.y * 4.6 + 0.42, 0.06)
        case .rollNeck:
            c *= 0.86 + 0.2 * stripe(turn * 16, 0.5) * smoothstep(-1.75, -1.6, p.y)
            c *= 0.92 + 0.12 * stripe(p.x * 13, 0.5)
        case .jacket:
            // Lapels: a shirt shows in a V down the middle.
            let edge = 0.1 + max(0, (p.y + 2.75)) * 0.40
            let inside = smoothstep(0.01, -0.01, abs(p.x) - edge) * (p.z > 0 ? 1 : 0)
            let lapel = bell(abs(p.x) - edge - 0.2, 0.012) * (p.z > 0 ? 1 : 0)
            c = mix(c * 0.4 * (1 - 0.5 * lapel), accent, max(inside, smoothstep(0.24, 0.22, depth)))
            c *= 1 - 0.6 * bell(abs(p.x) - edge, 0.02)
        case .shirt, .vNeck, .tShirt:
            break
        }
        if appearance.clothing == .shirt || appearance.clothing == .checks, p.z > 0 {
            let placket = bell(abs(p.x) - 0.075, 0.01)
            c *= 1 - 0.3 * placket
            let row = p.y * 2.6 - (p.y * 2.6).rounded()
            let button = smoothstep(0.032, 0.022, (p.x * p.x + row * row * 0.148).squareRoot())
            c = mix(c, Vector3(0.6, 0.58, 0.54), button)
        }
        // The band at the neckline.
        if appearance.clothing == .tShirt || appearance.clothing == .stripes
            || appearance.clothing == .vNeck
        {
            c *= 1 - 0.25 * bell(depth - 0.075, 0.012)
        }
        return c * weave
    }

    /// Builds the collar of a shirt: a band around the neck, folded over, open at the front.
    func collar() -> Mesh? {
        guard [.shirt, .checks, .jacket].contains(appearance.clothing) else { return nil }
        var mesh = Mesh(material: .cloth)
        let base = appearance.clothing == .jacket ? appearance.clothAccent : appearance.cloth
        let columns = 64
        let gap: Float = 0.13
        // From inside of the fold over its top to the points of the collar.
        for row in 0..<7 {
            let t = Float(row) / 6
            for column in 0...columns {
                // From the front around the picture's right, the back and the left to the front.
                let s = 1 - Float(column) / Float(columns) * 2
                let turn = s >= 0 ? mix(Float.pi, gap, s) : mix(-Float.pi, -gap, -s)
                let front = smoothstep(0.5, 1, abs(s)) * 0.5 + max(0, abs(s) - 0.6) * 1.25
                let neck = point(turn: turn, down: 0.28)
                let out: Float =
                    0.075 + 0.17 * smoothstep(0.25, 1, t) + 0.10 * front * smoothstep(0.25, 1, t)
                let stand = mix(-1.40, -1.80, front)
                let fall = mix(0.20, 0.36, front)
                let rise: Float = t < 0.25 ? (0.25 - t) * 0.5 * (1 - front) : 0
                let y = stand - rise - fall * smoothstep(0.2, 1, t)
                let radial = Vector3(neck.x, 0, neck.z + 0.2).unit
                var p = Vector3(neck.x, y, neck.z) + radial * out
                // The points swing outwards to the sides.
                p.x += (s >= 0 ? 1 : -1) * 0.16 * front * smoothstep(0.3, 1, t)
                p.z += 0.06 * front
                let edge = 1 - 0.25 * bell(t - 0.93, 0.04)
                mesh.add(
                    raised(p), colour: base * edge, headWeight: 0.12, openness: mix(0.55, 1, t))
            }
        }
        mesh.grid(first: 0, rows: 7, columns: columns + 1)
        return mesh
    }
}
