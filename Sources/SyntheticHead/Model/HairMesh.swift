/// The hair of a head: a shell over the scalp, and locks that lie on it or hang from it.
struct HairMesh {
    private let appearance: HeadAppearance
    private let skull: SkullSurface
    private let hairline: Hairline
    private let noise: Noise

    /// Prepares for an appearance.
    init(appearance: HeadAppearance, skull: SkullSurface) {
        self.appearance = appearance
        self.skull = skull
        hairline = Hairline(appearance)
        noise = Noise(seed: appearance.seed &+ 61)
    }

    /// Builds all hair on the scalp; empty for a bald or cropped head.
    func build(detail: Float) -> [Mesh] {
        switch appearance.hairStyle {
        case .bald: return []
        case .buzzed: return [shell(detail: detail, thickness: 0.028, rough: 0.006, curls: 0)]
        case .short:
            return [
                shell(detail: detail, thickness: 0.10, rough: 0.02, curls: 0),
                HairLocks(appearance: appearance, skull: skull).short(),
            ]
        case .swept:
            return [
                shell(detail: detail, thickness: 0.09, rough: 0.02, curls: 0),
                HairLocks(appearance: appearance, skull: skull).swept(),
            ]
        case .curly:
            return [shell(detail: detail * 1.15, thickness: 0.27, rough: 0.02, curls: 0.075)]
        case .bob:
            return [
                shell(detail: detail, thickness: 0.11, rough: 0.012, curls: 0),
                HairLocks(appearance: appearance, skull: skull).hanging(to: -0.95, fringe: true),
            ]
        case .long:
            return [
                shell(detail: detail, thickness: 0.10, rough: 0.012, curls: 0),
                HairLocks(appearance: appearance, skull: skull).hanging(to: -2.1, fringe: false),
            ]
        case .bun:
            return [
                shell(detail: detail, thickness: 0.06, rough: 0.014, curls: 0),
                HairLocks(appearance: appearance, skull: skull).knot(),
            ]
        }
    }

    private func shell(detail: Float, thickness: Float, rough: Float, curls: Float) -> Mesh {
        let trimmed = [.short, .swept].contains(appearance.hairStyle)
        var mesh = Mesh(material: .hair)
        let rows = Int(70 * detail) + 6
        let columns = Int(120 * detail) + 8
        for row in 0...rows {
            let elevation = mix(Float.pi / 2, -0.75, Float(row) / Float(rows))
            for column in 0...columns {
                let azimuth = mix(-Float.pi, Float.pi, Float(column) / Float(columns))
                let direction = HeadGrid.direction(azimuth: azimuth, elevation: elevation)
                // Cut shorter towards ears and nape.
                let cut = trimmed ? mix(0.35, 1, smoothstep(-0.2, 0.85, elevation)) : 1
                let cover = hairline.coverage(azimuth: azimuth, elevation: elevation)
                let strand = noise.at(azimuth * 16 + 3 * elevation, elevation * 2)
                var lift =
                    thickness * cut * smoothstep(-0.02, 0.28, cover) + rough * strand
                    * smoothstep(0, 0.1, cover)
                if curls > 0 {
                    let q = direction * 7.5
                    lift += curls * noise.layered(q.x, q.y, q.z) * 1.6 * smoothstep(0, 0.15, cover)
                }
                if cover < 0.02 { lift = -0.03 }
                let radius = skull.radius(direction) + lift
                mesh.add(
                    SkullSurface.centre + direction * radius, colour: Vector3(1, 1, 1),
                    coordinate: SIMD2(Float(column) / Float(columns), Float(row) / Float(rows)),
                    openness: curls > 0 ? saturate(0.65 + 3.2 * (lift - thickness)) : 0.9)
                mesh.strands.append(flow(azimuth, elevation))
            }
        }
        mesh.grid(first: 0, rows: rows + 1, columns: columns + 1)
        // Where no hair grows the shell lies below the skin: it must not show through the mouth.
        mesh.triangles.removeAll { t in
            [t.x, t.y, t.z].allSatisfy { index in
                let place = mesh.coordinates[Int(index)]
                return hairline.coverage(
                    azimuth: mix(-Float.pi, Float.pi, place.x),
                    elevation: mix(Float.pi / 2, -0.75, place.y)) < 0
            }
        }
        let scale = max(0.3, min(1.6, detail))
        mesh.texture = Texture(width: Int(420 * scale), height: Int(220 * scale)) { u, v in
            let azimuth = mix(-Float.pi, Float.pi, u)
            let elevation = mix(Float.pi / 2, -0.75, v)
            let d = HeadGrid.direction(azimuth: azimuth, elevation: elevation)
            let strand =
                curls > 0
                ? noise.layered(d.x * 16, d.y * 16, d.z * 16)
                : 0.7 * noise.at(azimuth * 34, elevation * 3.5) + 0.5
                    * noise.at(azimuth * 13, elevation * 1.5)
            return appearance.hair * (1 + (curls > 0 ? 0.5 : 0.32) * strand)
        }
        return mesh
    }

    /// The way strands lie on the scalp: from the crown down.
    private func flow(_ azimuth: Float, _ elevation: Float) -> Vector3 {
        Vector3(
            Elementary.sine(azimuth) * Elementary.sine(elevation), -Elementary.cosine(elevation),
            Elementary.cosine(azimuth) * Elementary.sine(elevation))
    }

    /// Builds the beard; empty where there is none.
    func beard(face: FaceMesh, detail: Float) -> (mesh: Mesh, morphs: [FaceMorph])? {
        guard appearance.facialHair == .goatee || appearance.facialHair == .full else { return nil }
        var mesh = Mesh(material: .hair)
        var morphs: [FaceMorph] = []
        let grid = face.grid
        let motion = FaceMotion(grid: grid, eye: skull.eye)
        let rows = Int(56 * detail) + 6
        let columns = Int(110 * detail) + 8
        var random = RandomSequence(seed: appearance.seed, stream: 62)
        let length = random.within(0.03...0.11)
        let half = columns / 2
        for row in 0...rows {
            let elevation = grid.mouthElevation + mix(0.45, -0.75, Float(row) / Float(rows))
            for column in 0...(2 * half) {
                let azimuth = Float(column - half) / Float(half) * 1.5
                let direction = HeadGrid.direction(azimuth: azimuth, elevation: elevation)
                let area = BeardArea.coverage(
                    of: appearance.facialHair, azimuth: azimuth, elevation: elevation,
                    mouthElevation: grid.mouthElevation)
                let grain = noise.at(azimuth * 30, elevation * 9)
                let chin =
                    smoothstep(0.9, 0.2, abs(azimuth))
                    * smoothstep(0.0, -0.35, elevation - grid.mouthElevation)
                let lift =
                    area < 0.06
                    ? -0.03 : area * (0.02 + length * (0.35 + 0.65 * chin)) + 0.012 * grain
                let skin = SkullSurface.centre + direction * skull.radius(direction)
                mesh.add(
                    skin + direction * lift,
                    colour: appearance.brow * (1.05 + 0.4 * noise.at(azimuth * 55, elevation * 16)),
                    openness: 0.85)
                mesh.strands.append(Vector3(0.2 * azimuth, -1, 0.15).unit)
                morphs.append(
                    motion.morph(
                        of: skin, azimuth: azimuth, elevation: elevation,
                        below: elevation < grid.mouthElevation))
            }
        }
        mesh.grid(first: 0, rows: rows + 1, columns: 2 * half + 1)
        // Leave the mouth free.
        mesh.triangles.removeAll { t in
            [t.x, t.y, t.z].contains { index in
                let i = Int(index)
                let e = mix(0.45, -0.75, Float(i / (2 * half + 1)) / Float(rows))
                let a = Float(i % (2 * half + 1) - half) / Float(half) * 1.5
                return BeardArea.coverage(
                    of: appearance.facialHair, azimuth: a, elevation: grid.mouthElevation + e,
                    mouthElevation: grid.mouthElevation) < 0.02
            }
        }
        return (mesh, morphs)
    }
}
