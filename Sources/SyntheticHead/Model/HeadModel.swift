/// All surfaces of a rendered person, put together for drawing.
struct HeadModel: Sendable {
    /// A run of vertices and triangles that are lit and moved alike.
    struct Part: Sendable {
        /// How it reflects light.
        let material: Mesh.Material
        /// The picture on it.
        let texture: Texture?
        /// Its vertices.
        let vertices: Range<Int>
        /// Its triangles.
        let triangles: Range<Int>
        /// Whether the opening between the lids goes through it.
        let hasLids: Bool
        /// Whether it throws a shadow.
        let throwsShadow: Bool
        /// For an eye its middle.
        let eye: Vector3?
    }

    /// The parts, those in front first.
    private(set) var parts: [Part] = []
    /// Vertices at rest.
    private(set) var positions: [Vector3] = []
    /// Colours of vertices.
    private(set) var colours: [Vector3] = []
    /// Places in textures.
    private(set) var coordinates: [SIMD2<Float>] = []
    /// How far vertices follow the head.
    private(set) var headWeights: [Float] = []
    /// The part of the surrounding light that arrives.
    private(set) var openness: [Float] = []
    /// The direction of strands of hair.
    private(set) var strands: [Vector3] = []
    /// Triangles of all parts.
    private(set) var triangles: [SIMD3<Int32>] = []
    /// Lids of the first vertices, those of the skin.
    private(set) var lids: [SIMD2<Float>] = []
    /// Vertices that move with the expression.
    private(set) var morphs: [(vertex: Int, morph: FaceMorph)] = []

    /// Builds a person; `detail` 1 suits a picture of 256 × 256.
    init(appearance: HeadAppearance, detail: Float) {
        let skull = SkullSurface(appearance)
        let face = FaceMesh(appearance: appearance, skull: skull, detail: detail)
        addFace(face)
        let hair = HairMesh(appearance: appearance, skull: skull)
        for mesh in hair.build(detail: detail) { add(mesh) }
        if let beard = hair.beard(face: face, detail: detail) {
            add(beard.mesh, morphs: beard.morphs)
        }
        if ![.bob, .long].contains(appearance.hairStyle) || appearance.femininity < 0.5 {
            for side: Float in [-1, 1] {
                let d = HeadGrid.direction(azimuth: 1.52, elevation: -0.02)
                let root = SkullSurface.centre + d * skull.radius(d)
                let place = Vector3(side * (root.x - 0.005), -0.13, -0.10)
                add(EarMesh.build(appearance: appearance, root: place, side: side))
            }
        }
        if appearance.glasses { add(GlassesMesh.build(appearance: appearance, skull: skull)) }
        addEyes(appearance: appearance, skull: skull, detail: detail)
        addMouth(appearance: appearance, face: face)
        let body = BodyMesh(appearance)
        if let collar = body.collar() { add(collar, throwsShadow: false) }
        add(body.build(detail: detail), throwsShadow: false)
    }

    private mutating func addFace(_ face: FaceMesh) {
        lids = face.lids
        func isLid(_ t: SIMD3<Int32>) -> Bool {
            [t.x, t.y, t.z].contains { index in
                let lid = face.lids[Int(index)]
                return lid.y > -0.05 && lid.x > -0.06 && lid.x < lid.y + 0.09
            }
        }
        var skin = face.mesh
        skin.triangles = face.mesh.triangles.filter { !isLid($0) }
        add(skin, morphs: face.morphs)
        let first = triangles.count
        triangles += face.mesh.triangles.filter(isLid)
        parts.append(
            Part(
                material: .skin, texture: face.mesh.texture, vertices: 0..<0,
                triangles: first..<triangles.count, hasLids: true, throwsShadow: true, eye: nil))
    }

    private mutating func addEyes(appearance: HeadAppearance, skull: SkullSurface, detail: Float) {
        let ball = EyeMesh.build(appearance: appearance, detail: detail)
        for side: Float in [-1, 1] {
            let centre = Vector3(side * skull.eye.x, skull.eye.y, skull.eye.z)
            add(ball, throwsShadow: false, eye: centre)
        }
        // The lamp's reflection stays where it is while the ball turns.
        let half = (appearance.lighting.keyDirection + Vector3(0, 0, 1)).unit
        for side: Float in [-1, 1] {
            let centre = Vector3(side * skull.eye.x, skull.eye.y, skull.eye.z)
            let place = Vector3(half.x * 0.5, half.y * 0.5, 0)
            let out = Vector3(place.x, place.y, 1).unit * (SkullSurface.eyeRadius + 0.004)
            var glint = EyeMesh.glint(radius: 0.017, strength: 1.1)
            glint.positions = glint.positions.map { $0 + centre + out }
            add(glint, throwsShadow: false)
        }
    }

    private mutating func addMouth(appearance: HeadAppearance, face: FaceMesh) {
        let row = face.grid.mouthRow * face.grid.columns
        let skin = face.mesh.positions[row..<(row + face.grid.columns)]
        let line = Array(skin)
        func surface(_ azimuth: Float) -> Vector3 {
            // Columns are few: the nearest two by azimuth.
            let middle = face.grid.columns / 2
            var step = 0
            while step + 1 < middle,
                face.grid.azimuth(across: Float(middle + step + 1) / Float(face.grid.columns - 1))
                    < abs(azimuth)
            { step += 1 }
            let a = face.grid.azimuth(across: Float(middle + step) / Float(face.grid.columns - 1))
            let b = face.grid.azimuth(
                across: Float(middle + step + 1) / Float(face.grid.columns - 1))
            let p = mix(
                line[middle + step], line[middle + step + 1], saturate((abs(azimuth) - a) / (b - a))
            )
            return azimuth < 0 ? Vector3(-p.x, p.y, p.z) : p
        }
        let mouth = MouthMesh.build(
            appearance: appearance, reach: face.grid.mouthAzimuth * 1.05, surface: surface)
        func withJaw(_ p: Vector3, share: Float) -> FaceMorph {
            var morph = FaceMorph()
            morph.jaw = FaceMotion.drop(p) * share
            return morph
        }
        let inside = face.inside()
        add(inside.mesh, morphs: inside.morphs, throwsShadow: false)
        add(mouth.fixed, throwsShadow: false)
        let middle = surface(0).y
        add(
            mouth.lining,
            morphs: mouth.lining.positions.map { p in
                withJaw(p, share: smoothstep(middle + 0.05, middle - 0.2, p.y))
            }, throwsShadow: false)
        add(
            mouth.moving, morphs: mouth.moving.positions.map { withJaw($0, share: 1) },
            throwsShadow: false)
    }

    private mutating func add(
        _ mesh: Mesh, morphs: [FaceMorph] = [], throwsShadow: Bool = true, eye: Vector3? = nil
    ) {
        let first = positions.count
        let firstTriangle = triangles.count
        positions += mesh.positions
        colours += mesh.colours
        coordinates += mesh.coordinates
        headWeights += mesh.headWeights
        openness += mesh.openness
        strands +=
            mesh.strands.count == mesh.positions.count
            ? mesh.strands : [Vector3](repeating: .zero, count: mesh.positions.count)
        let shift = SIMD3(repeating: Int32(first))
        for t in mesh.triangles { triangles.append(t &+ shift) }
        for (index, morph) in morphs.enumerated() where morph.moves {
            self.morphs.append((first + index, morph))
        }
        parts.append(
            Part(
                material: mesh.material, texture: mesh.texture, vertices: first..<positions.count,
                triangles: firstTriangle..<triangles.count, hasLids: false,
                throwsShadow: throwsShadow, eye: eye))
    }
}
