/// What shows between open lips: teeth, tongue and the dark behind.
enum MouthMesh {
    /// The parts, each with how it moves.
    struct Parts {
        /// Upper teeth: still with the skull.
        var fixed = Mesh(material: .gloss)
        /// The dark behind: its lower rows move with the jaw.
        var lining = Mesh(material: .matt)
        /// Lower teeth and tongue: with the jaw.
        var moving = Mesh(material: .gloss)
    }

    /// Builds the inside of a mouth; `surface` gives the skin on the line between the lips at an
    /// azimuth.
    static func build(
        appearance: HeadAppearance, reach: Float, surface: (Float) -> Vector3
    ) -> Parts {
        var parts = Parts()
        let line = surface(0).y
        let columns = 48
        lining(of: &parts.lining, reach: reach, surface: surface)
        row(
            of: &parts.fixed, columns: columns, reach: reach, surface: surface, edge: line - 0.045,
            root: line + 0.10, inset: 0.085)
        row(
            of: &parts.moving, columns: columns, reach: reach * 0.9, surface: surface,
            edge: line - 0.055, root: line - 0.15, inset: 0.11)
        tongue(into: &parts.moving, middle: surface(0))
        return parts
    }

    /// A dark sheet behind the teeth that follows the face round to the cheeks.
    private static func lining(of mesh: inout Mesh, reach: Float, surface: (Float) -> Vector3) {
        let columns = 16
        for row in 0..<3 {
            for column in 0...columns {
                let s = Float(column) / Float(columns) * 2 - 1
                let skin = surface(s * reach * 1.5)
                let inset = mix(0.24, 0.08, smoothstep(0.1, 0.7, abs(s))) + (row == 2 ? 0.1 : 0)
                let narrow: Float = row == 2 ? 0.72 : 0.97
                mesh.add(
                    Vector3(
                        skin.x * narrow, skin.y + 0.13 - 0.17 * Float(row), skin.z - inset),
                    colour: Vector3(0.035, 0.008, 0.007), openness: 0.5)
            }
        }
        mesh.grid(first: 0, rows: 3, columns: columns + 1)
        // From the side its back shows.
        mesh.triangles += mesh.triangles.map { SIMD3($0.x, $0.z, $0.y) }
    }

    private static func row(
        of mesh: inout Mesh, columns: Int, reach: Float, surface: (Float) -> Vector3,
        edge: Float, root: Float, inset: Float
    ) {
        let first = mesh.positions.count
        let gum = Vector3(0.36, 0.12, 0.11)
        let top = max(edge, root)
        let bottom = min(edge, root)
        for row in 0..<4 {
            let t = Float(row) / 3
            for column in 0...columns {
                let s = Float(column) / Float(columns) * 2 - 1
                let skin = surface(s * reach)
                let tooth = abs(s) * 6.5
                let gap = abs(tooth - tooth.rounded())
                // Edges round off between teeth.
                let y = mix(top, bottom, t)
                let toRoot = abs(y - edge) / abs(root - edge)
                let shade =
                    mix(0.62, 1, smoothstep(0.0, 0.14, gap))
                    * mix(1, 0.07, smoothstep(0.45, 0.98, abs(s)))
                let enamel = Vector3(0.74, 0.69, 0.60) * shade
                mesh.add(
                    Vector3(skin.x * 0.94, y, skin.z - inset - 0.05 * s * s),
                    colour: toRoot > 0.9 ? gum * shade : enamel, openness: 0.62)
            }
        }
        mesh.grid(first: first, rows: 4, columns: columns + 1)
    }

    private static func tongue(into mesh: inout Mesh, middle: Vector3) {
        let first = mesh.positions.count
        let centre = Vector3(0, middle.y - 0.125, middle.z - 0.24)
        for row in 0...8 {
            let elevation = (0.5 - Float(row) / 8) * Float.pi
            for column in 0...12 {
                let azimuth = (Float(column) / 12 - 0.5) * Float.pi
                let d = HeadGrid.direction(azimuth: azimuth, elevation: elevation)
                mesh.add(
                    centre + d * Vector3(0.17, 0.06, 0.13),
                    colour: Vector3(0.42, 0.11, 0.10) * (1 - 0.25 * bell(d.x, 0.15)), openness: 0.5)
            }
        }
        mesh.grid(first: first, rows: 9, columns: 13)
    }
}
