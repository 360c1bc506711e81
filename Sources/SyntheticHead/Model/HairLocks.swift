/// Locks of hair: flat tubes along paths over the scalp and below.
struct HairLocks {
    private let appearance: HeadAppearance
    private let skull: SkullSurface

    /// Prepares for an appearance.
    init(appearance: HeadAppearance, skull: SkullSurface) {
        self.appearance = appearance
        self.skull = skull
    }

    /// A point over the scalp.
    private func point(_ azimuth: Float, _ elevation: Float, _ lift: Float) -> Vector3 {
        let d = HeadGrid.direction(azimuth: azimuth, elevation: elevation)
        return SkullSurface.centre + d * (skull.radius(d) + lift)
    }

    private func add(
        _ path: [Vector3], to mesh: inout Mesh, width: Float, flatness: Float, taper: Float,
        random: inout RandomSequence
    ) {
        let shade = 1 + 0.22 * random.bellShaped()
        let base = appearance.hair * shade
        let phase = random.unit() * 6
        let count = Float(path.count - 1)
        let widths = path.indices.map { index -> Float in
            let t = Float(index) / count
            return width
                * max(0.05, smoothstep(-0.12, 0.2, t) * mix(1, smoothstep(1.02, 0.6, t), taper))
        }
        let outward = path.map { ($0 - Vector3(0, min($0.y, 0), -0.05)).unit }
        mesh.tube(
            path: path, widths: widths, flatness: flatness, outward: outward, sides: 7,
            headWeight: { smoothstep(-2.6, -0.9, $0.y) }, openness: 0.88
        ) { along, around in
            // Strands along the lock; roots and hollows darker.
            let strand = Elementary.sine(around * 2 * .pi * 4 + phase) * 0.14
            return base * (0.95 + strand) * mix(0.8, 1.06, smoothstep(0, 0.4, along))
        }
    }

    /// Short hair with a side parting.
    func short() -> Mesh {
        var mesh = Mesh(material: .hair)
        var random = RandomSequence(seed: appearance.seed, stream: 71)
        let side: Float = random.chance(0.5) ? 1 : -1
        for _ in 0..<110 {
            let across = random.within(-0.35...1.0)
            let back = random.within(-0.75...0.98)
            // From the parting over the top to the other side and a little forward.
            let length = random.within(0.45...0.75)
            let lift = random.within(0.03...0.13)
            let path = (0...7).map { step -> Vector3 in
                let t = Float(step) / 7
                let x = side * (0.42 - (across + 0.35) * 0.62 - t * length)
                let z = back * 0.78 + 0.16 * t * (back > 0 ? 1 : -1)
                let d = Vector3(x, 0.92, z).unit
                return SkullSurface.centre + d * (skull.radius(d) + 0.06 + lift * (1 - t * t * 0.8))
            }
            add(
                path, to: &mesh, width: random.within(0.05...0.085), flatness: 0.5, taper: 0.9,
                random: &random)
        }
        return mesh
    }

    /// Hair combed back from the forehead with some height.
    func swept() -> Mesh {
        var mesh = Mesh(material: .hair)
        var random = RandomSequence(seed: appearance.seed, stream: 72)
        let height = random.within(0.08...0.24)
        let lean = random.within(-0.35...0.35)
        for index in 0..<90 {
            let start = random.within(-0.72...0.72)
            let back = index < 40 ? 0 : random.within(0...0.8)
            let length = random.within(0.75...1.1)
            let path = (0...8).map { step -> Vector3 in
                let t = Float(step) / 8
                let z = 0.80 - back - t * length
                let d = Vector3(start * 0.72 + lean * t * 0.6, 0.80 + 0.1 * t, z).unit
                let lift =
                    0.05 + (height * (0.6 + 0.4 * bell(start, 0.6)) + random.within(0...0.03))
                    * bell(t - 0.3, 0.5) * (1 - 0.6 * back)
                return SkullSurface.centre + d * (skull.radius(d) + lift)
            }
            add(
                path, to: &mesh, width: random.within(0.055...0.09), flatness: 0.55, taper: 0.85,
                random: &random)
        }
        return mesh
    }

    /// Hair that falls from a parting to a height, with or without a fringe.
    func hanging(to bottom: Float, fringe: Bool) -> Mesh {
        var mesh = Mesh(material: .hair)
        var random = RandomSequence(seed: appearance.seed, stream: 73)
        let parting = random.within(-0.28...0.28)
        let wave = random.within(0...0.06)
        let volume = random.within(0.08...0.17)
        for index in 0..<116 {
            let side: Float = index.isMultiple(of: 2) ? 1 : -1
            let place = Float(index / 2) / 57
            let target = 0.88 + 2.26 * place * mix(0.7, 1, place) + 0.05 * random.bellShaped()
            let end = bottom + 0.18 * random.bellShaped() + (target < 1.3 ? 0.1 : 0)
            let lift = volume * random.within(0.7...1.15)
            let phase = random.unit() * 6
            // Locks near the face start at the front of the parting, the others further back.
            let start = mix(fringe ? 1.25 : 0.74, 2.3, smoothstep(0.86, 2.6, target))
            var path: [Vector3] = []
            for step in 0...7 {
                let t = Float(step) / 7
                let top = Vector3(
                    parting * Elementary.sine(start), Elementary.sine(start),
                    Elementary.cosine(start))
                let low = HeadGrid.direction(azimuth: side * target, elevation: 0.02)
                let d = (top * (1 - t) + low * t + Vector3(0, 0.25 * t * (1 - t), 0)).unit
                path.append(
                    SkullSurface.centre + d
                        * (skull.radius(d) + 0.10 + lift * smoothstep(0, 0.8, t)))
            }
            guard let last = path.last else { continue }
            let drop = 8
            for step in 1...drop {
                let t = Float(step) / Float(drop)
                let y = mix(last.y, end, t)
                let out =
                    1 + 0.12 * Elementary.sine(t * .pi) - (fringe ? 0.2 * t * t : -0.12 * t)
                    + wave * Elementary.sine(t * 9 + phase)
                path.append(
                    Vector3(last.x * out, y, last.z * out - (target < 1.35 ? 0.04 * t : 0)))
            }
            add(
                path, to: &mesh, width: random.within(0.095...0.14), flatness: 0.4, taper: 0.6,
                random: &random)
        }
        if fringe { addFringe(to: &mesh, random: &random) }
        return mesh
    }

    private func addFringe(to mesh: inout Mesh, random: inout RandomSequence) {
        let low = random.within(0.24...0.36)
        for index in 0..<34 {
            let azimuth = (Float(index) / 33 * 2 - 1) * 0.98 + 0.03 * random.bellShaped()
            let end = low - 0.08 * azimuth * azimuth + 0.03 * random.bellShaped()
            let path = (0...7).map { step -> Vector3 in
                let t = Float(step) / 7
                return point(
                    azimuth * mix(0.55, 1, t), mix(1.4, end, t), 0.21 - 0.10 * t * t)
            }
            add(
                path, to: &mesh, width: random.within(0.06...0.085), flatness: 0.35, taper: 0.55,
                random: &random)
        }
    }

    /// Hair combed back tightly, and a knot on the crown or behind.
    func knot() -> Mesh {
        var mesh = Mesh(material: .hair)
        var random = RandomSequence(seed: appearance.seed, stream: 74)
        let high = random.chance(0.6)
        let centre = high ? Vector3(0, 1.12, -0.45) : Vector3(0, 0.45, -1.2)
        for index in 0..<70 {
            let azimuth = (Float(index) / 69 * 2 - 1) * 2.4
            let begin = HeadGrid.direction(
                azimuth: azimuth, elevation: mix(0.86, 0.2, smoothstep(0.3, 1.4, abs(azimuth))))
            let finish = (centre - SkullSurface.centre).unit
            let path = (0...8).map { step -> Vector3 in
                let t = Float(step) / 8
                let d = (begin * (1 - t) + finish * t).unit
                return SkullSurface.centre + d
                    * (skull.radius(d) + 0.03 + 0.03 * t + 0.02 * random.unit())
            }
            add(
                path, to: &mesh, width: random.within(0.06...0.085), flatness: 0.4, taper: 0.3,
                random: &random)
        }
        // The knot: rings of hair around a ball.
        let size = random.within(0.27...0.36)
        for index in 0..<26 {
            let tilt = Float(index) / 26 * .pi
            let axis = Vector3(
                Elementary.cosine(tilt), Elementary.sine(tilt * 2) * 0.5, Elementary.sine(tilt)
            ).unit
            let a = axis.cross(Vector3(0.3, 1, 0.2)).unit
            let b = axis.cross(a)
            let path = (0...12).map { step -> Vector3 in
                let angle = Float(step) / 12 * 2 * .pi
                return centre + (a * Elementary.cosine(angle) + b * Elementary.sine(angle)) * size
                    * random.within(0.94...1.04)
            }
            let base = appearance.hair * (1 + 0.2 * random.bellShaped())
            mesh.tube(
                path: path, widths: path.map { _ in 0.1 }, flatness: 0.5,
                outward: path.map { ($0 - centre).unit }, sides: 6, headWeight: { _ in 1 },
                openness: 0.85,
                colour: { _, around in base * (0.95 + 0.14 * Elementary.sine(around * 25)) })
        }
        return mesh
    }
}
