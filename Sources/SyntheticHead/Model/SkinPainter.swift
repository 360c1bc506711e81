/// Paints the skin of the head: tone, blush, lips, brows, lashes, stubble, the shadow of the hair.
struct SkinPainter {
    private let appearance: HeadAppearance
    private let skull: SkullSurface
    private let grid: HeadGrid
    private let lips: Lips
    private let opening: EyeOpening
    private let positions: [Vector3]
    private let noise: Noise
    private let hairline: Hairline

    /// Prepares for a face whose grid vertices lie at `positions`.
    init(
        appearance: HeadAppearance, skull: SkullSurface, grid: HeadGrid, lips: Lips,
        opening: EyeOpening, positions: [Vector3]
    ) {
        self.appearance = appearance
        self.skull = skull
        self.grid = grid
        self.lips = lips
        self.opening = opening
        self.positions = positions
        noise = Noise(seed: appearance.seed &+ 11)
        hairline = Hairline(appearance)
    }

    /// The painted skin.
    func texture(detail: Float) -> Texture {
        let width = Int(560 * max(0.3, min(1.6, detail)))
        let height = Int(540 * max(0.3, min(1.6, detail)))
        return Texture(width: width, height: height) { u, v in colour(u, v) }
    }

    private func colour(_ u: Float, _ v: Float) -> Vector3 {
        let azimuth = grid.azimuth(across: u)
        let elevation = grid.elevation(down: v)
        let p = position(u, v)
        var c = appearance.skin
        let pale = 1 - appearance.skinDepth
        // Blotches and pores.
        c *=
            1 + 0.05 * noise.layered(p.x * 5, p.y * 5, p.z * 5) + 0.035
            * noise.at(p.x * 38, p.y * 38, p.z * 38)
        if p.z > 0.2 { c = face(c, p, azimuth, elevation, pale) }
        // Stubble on shaven scalps, dark roots below hair.
        let scalp = hairline.coverage(azimuth: azimuth, elevation: elevation)
        let roots: Float =
            switch appearance.hairStyle {
            case .bald: 0.16 * smoothstep(0.05, 0.3, scalp) * smoothstep(0.75, 0.5, elevation)
            case .buzzed:
                0.8 * smoothstep(-0.02, 0.14, scalp + 0.05 * noise.at(p.x * 40, p.y * 40, p.z * 40))
            default: 0.9 * smoothstep(0.0, 0.12, scalp)
            }
        return mix(c, appearance.hair * (0.9 + 0.3 * noise.at(p.x * 60, p.y * 30, p.z * 60)), roots)
    }

    private func face(
        _ tone: Vector3, _ p: Vector3, _ azimuth: Float, _ elevation: Float, _ pale: Float
    ) -> Vector3 {
        var c = tone
        let x = abs(p.x)
        // Blush on cheeks, nose, chin and ears.
        let blush =
            0.55 * bell(x - 0.42, 0.2) * bell(p.y + 0.30, 0.17) + 0.5 * bell(x, 0.13)
            * bell(p.y - skull.noseTip.y, 0.12)
            + 0.25 * bell(x, 0.2) * bell(p.y + 1.02, 0.14)
        c *= mix(Vector3(1, 1, 1), Vector3(1.02, 0.76, 0.74), blush * (0.35 + 0.5 * pale))
        // A yellower forehead, darker and cooler below the eyes.
        c *= mix(Vector3(1, 1, 1), Vector3(1.02, 1.01, 0.93), 0.5 * smoothstep(0.2, 0.6, p.y))
        let bag = bell(x - skull.eye.x + 0.03, 0.14) * bell(p.y + 0.115, 0.05)
        c *= mix(Vector3(1, 1, 1), Vector3(0.82, 0.74, 0.76), 0.6 * bag)
        let socket = bell(x - skull.eye.x, 0.2) * bell(p.y - 0.09, 0.07)
        c *= mix(Vector3(1, 1, 1), Vector3(0.84, 0.74, 0.70), 0.55 * socket)
        if appearance.freckles > 0 {
            let spots = smoothstep(0.45, 0.75, noise.at(p.x * 26, p.y * 26, p.z * 26 + 9))
            let zone = bell(x - 0.25, 0.28) * bell(p.y + 0.22, 0.22)
            c = mix(c, c * Vector3(0.66, 0.5, 0.4), spots * zone * appearance.freckles)
        }
        // Nostrils.
        let nostril = Vector3(0.062 * appearance.shape.noseWidth, skull.noseTip.y - 0.085, 0)
        let hole = bell(x - nostril.x, 0.034) * bell(p.y - nostril.y, 0.022)
        c = mix(c, c * Vector3(0.16, 0.08, 0.07), saturate(hole * 1.3))
        c = beard(c, p, azimuth, elevation)
        c = mouth(c, azimuth, elevation)
        c = brow(c, p)
        let lid = opening.lid(at: p)
        // The fold of the upper lid.
        let fold = bell(lid.x - max(lid.y, 0) - 0.04, 0.012) * smoothstep(-0.03, 0.03, lid.y)
        c *= 1 - 0.5 * fold
        return c
    }

    private func mouth(_ tone: Vector3, _ azimuth: Float, _ elevation: Float) -> Vector3 {
        guard abs(azimuth) < 0.8, abs(elevation - grid.mouthElevation) < 0.3 else { return tone }
        let h = lips.height(azimuth: azimuth, elevation: elevation)
        let s = lips.across(azimuth)
        let inside = smoothstep(1.12, 0.86, abs(h)) * smoothstep(1.02, 0.94, abs(s))
        var lip = appearance.lips * (h > 0 ? 0.86 : 1.04)
        lip *= 1 + 0.10 * noise.at(azimuth * 90, elevation * 8)
        lip *= 1 - 0.45 * bell(h, 0.22)
        var c = mix(tone, lip, inside)
        // Shadow below the lower lip and in the corners.
        c *= 1 - 0.18 * bell(h + 1.35, 0.3) * smoothstep(1, 0.4, abs(s))
        c *= 1 - 0.22 * bell(abs(s) - 1, 0.08) * bell(elevation - grid.mouthElevation, 0.03)
        return c
    }

    private func brow(_ tone: Vector3, _ p: Vector3) -> Vector3 {
        let x = (abs(p.x) - skull.eye.x) / 0.24
        guard abs(x) < 1.3, p.y > 0, p.y < 0.5, p.z > 0.2 else { return tone }
        let shape = appearance.shape
        let arch = 0.045 * shape.browArch
        let middle =
            0.185 + arch * (1 - (x - 0.3) * (x - 0.3) * (x < 0.3 ? 0.45 : 1.15)) - 0.015
            * shape.browRidge + 0.02 * x
        let thickness = 0.036 * shape.browThickness * mix(1.1, 0.45, smoothstep(-0.4, 1.1, x))
        // Strands lean outwards.
        let strand = noise.at(
            (x * 3.2 - (p.y - middle) * 16) * 6, (p.y - middle) * 20 + (p.x < 0 ? 50 : 0))
        let edge = abs(p.y - middle) / thickness + 0.35 * strand
        let dark =
            smoothstep(1.15, 0.45, edge) * smoothstep(-1.08, -0.85, x) * smoothstep(1.12, 0.8, x)
        return mix(tone, appearance.brow * (1 + 0.3 * strand), dark * 0.88)
    }

    private func beard(
        _ tone: Vector3, _ p: Vector3, _ azimuth: Float, _ elevation: Float
    ) -> Vector3 {
        let area = BeardArea.coverage(
            of: appearance.facialHair == .stubble || appearance.facialHair == .none
                ? .full : appearance.facialHair,
            azimuth: azimuth, elevation: elevation, mouthElevation: grid.mouthElevation)
        let grain = noise.at(p.x * 70, p.y * 45, p.z * 70)
        let strength: Float =
            switch appearance.facialHair {
            case .none: appearance.femininity < 0.5 ? 0.12 : 0
            case .stubble: 0.42 + 0.16 * grain
            case .goatee, .full: 0.85
            }
        return mix(
            tone, appearance.brow * (1 + 0.25 * grain) + tone * 0.12,
            strength * smoothstep(0.05, 0.45, area))
    }

    private func position(_ u: Float, _ v: Float) -> Vector3 {
        let x = u * Float(grid.columns - 1)
        let y = v * Float(grid.rows - 1)
        let column = min(Int(x), grid.columns - 2)
        let row = min(Int(y), grid.rows - 2)
        let index = row * grid.columns + column
        let p = x - Float(column)
        let top = mix(positions[index], positions[index + 1], p)
        let bottom = mix(positions[index + grid.columns], positions[index + grid.columns + 1], p)
        return mix(top, bottom, y - Float(row))
    }
}
