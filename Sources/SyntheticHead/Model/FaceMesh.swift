/// The skin of the head: a grid of rays from the centre of the skull, slit between the lips.
struct FaceMesh {
    /// The skin, textured.
    private(set) var mesh = Mesh(material: .skin)
    /// For each vertex how far it lies above the lower lid's edge, and how high the open eye is
    /// there.
    private(set) var lids: [SIMD2<Float>] = []
    /// How each vertex moves with the expression.
    private(set) var morphs: [FaceMorph] = []
    /// The rows and columns.
    let grid: HeadGrid
    /// The outline of the lips.
    let lips: Lips

    /// Builds the skin of an appearance.
    init(appearance: HeadAppearance, skull: SkullSurface, detail: Float) {
        grid = HeadGrid(detail: detail, mouthWidth: appearance.shape.mouthWidth)
        lips = Lips(shape: appearance.shape, grid: grid)
        let middle = grid.columns / 2
        let motion = FaceMotion(grid: grid, eye: skull.eye)
        let opening = EyeOpening(shape: appearance.shape, eye: skull.eye)
        for row in 0..<grid.rows {
            let v = Float(row) / Float(grid.rows - 1)
            let elevation = grid.elevation(down: v)
            for column in 0..<grid.columns {
                let u = Float(column) / Float(grid.columns - 1)
                let azimuth = grid.azimuth(across: u)
                let direction = HeadGrid.direction(azimuth: azimuth, elevation: elevation)
                let radius: Float
                if column > middle {
                    // The face is symmetric: take the ray's length from the other side.
                    let twin = mesh.positions[row * grid.columns + (grid.columns - 1 - column)]
                    radius = (twin - SkullSurface.centre).length
                } else {
                    let bulge =
                        abs(azimuth) < 1
                        ? lips.bulge(azimuth: azimuth, elevation: elevation) : 0
                    radius = skull.radius(direction) + bulge
                }
                add(
                    SkullSurface.centre + direction * radius, at: SIMD2(u, v), opening: opening,
                    motion: motion, azimuth: azimuth, elevation: elevation,
                    below: row > grid.mouthRow)
            }
        }
        addTriangles(opening: opening, motion: motion)
        let texture = SkinPainter(
            appearance: appearance, skull: skull, grid: grid, lips: lips, opening: opening,
            positions: mesh.positions
        ).texture(detail: detail)
        mesh.texture = texture
        let normals = Normals.compute(positions: mesh.positions, triangles: mesh.triangles)
        for index in mesh.positions.indices {
            mesh.openness[index] = skull.openness(mesh.positions[index], normal: normals[index])
        }
    }

    private mutating func add(
        _ position: Vector3, at coordinate: SIMD2<Float>, opening: EyeOpening, motion: FaceMotion,
        azimuth: Float, elevation: Float, below: Bool
    ) {
        mesh.add(position, colour: Vector3(1, 1, 1), coordinate: coordinate)
        lids.append(opening.lid(at: position))
        morphs.append(
            motion.morph(of: position, azimuth: azimuth, elevation: elevation, below: below))
    }

    /// The inside of lips and cheeks around the mouth, which shows through open lips from the side.
    func inside() -> (mesh: Mesh, morphs: [FaceMorph]) {
        var inner = Mesh(material: .matt)
        var innerMorphs: [FaceMorph] = []
        var numbers: [Int32: Int] = [:]
        let middle = mesh.positions[grid.mouthRow * grid.columns + grid.columns / 2]
        for t in mesh.triangles {
            let p = mesh.positions[Int(t.x)]
            guard p.z > 0.3, abs(p.y - middle.y) < 0.34, abs(p.x) < 0.5 else { continue }
            let corners = [t.x, t.z, t.y].map { index -> Int in
                if let number = numbers[index] { return number }
                let place = mesh.positions[Int(index)]
                let inward = (SkullSurface.centre - place).unit * 0.012
                let number = inner.add(
                    place + inward, colour: Vector3(0.05, 0.012, 0.011), openness: 0.5)
                numbers[index] = number
                innerMorphs.append(morphs[Int(index)])
                return number
            }
            inner.triangle(corners[0], corners[1], corners[2])
        }
        return (inner, innerMorphs)
    }

    private mutating func addTriangles(opening: EyeOpening, motion: FaceMotion) {
        let middle = grid.columns / 2
        let v = Float(grid.mouthRow) / Float(grid.rows - 1)
        var lowerCopies: [Int: Int] = [:]
        for column in (middle - grid.mouthReach + 1)..<(middle + grid.mouthReach) {
            let twin = grid.mouthRow * grid.columns + column
            lowerCopies[twin] = mesh.positions.count
            let u = Float(column) / Float(grid.columns - 1)
            add(
                mesh.positions[twin], at: SIMD2(u, v), opening: opening, motion: motion,
                azimuth: grid.azimuth(across: u), elevation: grid.mouthElevation, below: true)
        }
        for row in 0..<(grid.rows - 1) {
            for column in 0..<(grid.columns - 1) {
                var a = row * grid.columns + column
                var b = a + 1
                let c = a + grid.columns
                if row == grid.mouthRow {
                    a = lowerCopies[a] ?? a
                    b = lowerCopies[b] ?? b
                }
                mesh.triangle(a, c, b)
                mesh.triangle(b, c, c + 1)
            }
        }
    }
}
