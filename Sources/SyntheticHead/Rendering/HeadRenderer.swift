import Media

/// Draws a person in a pose with an expression before a still backdrop.
struct HeadRenderer: Sendable {
    private let model: HeadModel
    private let appearance: HeadAppearance
    private let camera: Camera
    private let size: PictureSize
    private let shadowSide: Int
    /// Linear light of the backdrop, and its bytes.
    private let backdrop: [Vector3]
    private let backdropBytes: [UInt8]

    /// Middle of the neck, which the head turns about.
    private static let pivot = Vector3(0, -0.92, -0.16)
    /// Where the body leans from.
    private static let seat = Vector3(0, -4.5, 0)

    /// Prepares to draw a person.
    init(appearance: HeadAppearance, size: PictureSize) {
        self.appearance = appearance
        self.size = size
        let detail = max(0.3, min(1.6, Float(min(size.width, size.height)) / 256))
        model = HeadModel(appearance: appearance, detail: detail)
        camera = Camera(framing: appearance.framing, size: size)
        shadowSide = Int(150 * detail) + 10
        backdrop = Backdrop.paint(appearance, size: size)
        backdropBytes = backdrop.flatMap { c in
            [ToneCurve.byte(c.x), ToneCurve.byte(c.y), ToneCurve.byte(c.z)]
        }
    }

    /// The picture, three bytes a pixel.
    func draw(_ pose: HeadPose, _ face: HeadExpression) -> [UInt8] {
        let placed = place(pose, face)
        var normals = [Vector3](repeating: .zero, count: placed.count)
        Normals.accumulate(positions: placed, triangles: model.triangles, into: &normals)
        var shadows = ShadowMap(direction: appearance.lighting.keyDirection, side: shadowSide)
        for part in model.parts where part.throwsShadow {
            shadows.add(model.triangles[part.triangles], positions: placed)
        }
        let vertices = light(placed, normals: normals, shadows: shadows, pose: pose)
        var raster = Raster(width: size.width * 2, height: size.height * 2)
        let shader = Shader(lamps: appearance.lighting, camera: camera.position)
        for part in model.parts {
            if part.hasLids, let texture = part.texture {
                raster.drawLids(
                    model.triangles[part.triangles], vertices: vertices,
                    coordinates: model.coordinates, texture: texture, highlight: shader.highlight,
                    lids: model.lids, open: openness(face),
                    lashes: 0.75 + 0.25 * appearance.femininity)
            } else {
                raster.draw(
                    model.triangles[part.triangles], vertices: vertices,
                    coordinates: model.coordinates, texture: part.texture,
                    highlight: shader.highlight)
            }
        }
        return resolve(raster)
    }

    /// How far the lids are apart: blinks close them, smiles narrow them, they follow the gaze.
    private func openness(_ face: HeadExpression) -> Float {
        let rest = 0.82 + 0.45 * face.gazeY + 0.1 * max(0, face.browRaise) - 0.18 * face.smile
        return max(0, min(1.15, rest)) * (1 - face.blink)
    }

    private func place(_ pose: HeadPose, _ face: HeadExpression) -> [Vector3] {
        var placed = model.positions
        for entry in model.morphs { placed[entry.vertex] += entry.morph.offset(face) }
        let gaze = Rotation(yaw: face.gazeX, pitch: face.gazeY, roll: 0)
        for part in model.parts {
            guard let eye = part.eye else { continue }
            for index in part.vertices { placed[index] = gaze(placed[index]) + eye }
        }
        let turn = Rotation(yaw: pose.yaw, pitch: pose.pitch, roll: pose.roll)
        let lean = Rotation(yaw: pose.yaw * 0.18, pitch: 0, roll: pose.lean)
        for index in placed.indices {
            var p = placed[index]
            let weight = model.headWeights[index]
            if weight > 0 { p = mix(p, turn(p - Self.pivot) + Self.pivot, weight) }
            if weight < 1 { p.y += (1 - weight) * pose.shrug * min(1, abs(p.x)) }
            placed[index] = lean(p - Self.seat) + Self.seat + pose.shift
        }
        return placed
    }

    private func light(
        _ placed: [Vector3], normals: [Vector3], shadows: ShadowMap, pose: HeadPose
    ) -> [Raster.Vertex] {
        let turn = Rotation(yaw: pose.yaw, pitch: pose.pitch, roll: pose.roll)
        let up = turn(Vector3(0, 1, 0))
        let shader = Shader(lamps: appearance.lighting, camera: camera.position)
        var vertices = [Raster.Vertex](
            repeating: Raster.Vertex(place: .zero, light: .zero), count: placed.count)
        for part in model.parts {
            let bias: Float = part.material == .hair ? 0.12 : part.material == .cloth ? 0.03 : 0.05
            for index in part.vertices {
                let p = placed[index]
                let n = normals[index].unit
                // Nothing that looks away from the camera is drawn.
                if n.dot(camera.position - p) < -3.5 {
                    vertices[index].place = camera.project(p)
                    continue
                }
                let lit = shadows.light(at: p + n * 0.03, bias: bias)
                let strand = part.material == .hair ? turn(model.strands[index]) : .zero
                let light = shader.light(
                    part.material, at: p, normal: n, strand: strand, lit: lit,
                    openness: model.openness[index])
                var tint = model.colours[index]
                if part.material == .eye {
                    // The upper lid shades the ball.
                    tint *= 1 - 0.6 * smoothstep(0.08, 0.5, n.dot(up))
                }
                vertices[index] = Raster.Vertex(
                    place: camera.project(p), light: light * SIMD4(tint, 1))
            }
        }
        return vertices
    }

    private func resolve(_ raster: Raster) -> [UInt8] {
        var bytes = backdropBytes
        let stride = raster.width
        for row in 0..<size.height {
            for column in 0..<size.width {
                let first = row &* 2 &* stride &+ column &* 2
                let a = raster.samples[first]
                let b = raster.samples[first &+ 1]
                let c = raster.samples[first &+ stride]
                let d = raster.samples[first &+ stride &+ 1]
                guard max(max(a.w, b.w), max(c.w, d.w)) > 0 else { continue }
                let pixel = row &* size.width &+ column
                let behind = SIMD4(backdrop[pixel], 0)
                var sum = a.w > 0 ? a : behind
                sum += b.w > 0 ? b : behind
                sum += c.w > 0 ? c : behind
                sum += d.w > 0 ? d : behind
                bytes[pixel &* 3] = ToneCurve.byte(sum.x * 0.25)
                bytes[pixel &* 3 &+ 1] = ToneCurve.byte(sum.y * 0.25)
                bytes[pixel &* 3 &+ 2] = ToneCurve.byte(sum.z * 0.25)
            }
        }
        return bytes
    }
}
