/// Triangles with what they need to be moved and lit, in the space of the head at rest.
///
/// Space: x to the picture's right, y up, z towards the camera, units of ten centimetres, the eyes
/// at y = 0.
struct Mesh {
    /// How a mesh reflects light.
    enum Material { case skin, hair, cloth, eye, gloss, matt, glow }

    /// The vertices.
    var positions: [Vector3] = []
    /// Colour of each vertex, linear; multiplied with the texture where there is one.
    var colours: [Vector3] = []
    /// Place in the texture, 0…1.
    var coordinates: [SIMD2<Float>] = []
    /// How far a vertex follows the head (1) and not the body (0).
    var headWeights: [Float] = []
    /// Part of the surrounding light that arrives, 0…1.
    var openness: [Float] = []
    /// Direction of the strands, for hair; empty otherwise.
    var strands: [Vector3] = []
    /// Three vertices each, anticlockwise seen from outside.
    var triangles: [SIMD3<Int32>] = []
    /// How it reflects light.
    var material: Material
    /// The picture on it.
    var texture: Texture?

    /// Makes an empty mesh.
    init(material: Material) { self.material = material }

    /// Adds a vertex and gives its number.
    @discardableResult
    mutating func add(
        _ position: Vector3, colour: Vector3, coordinate: SIMD2<Float> = .zero,
        headWeight: Float = 1, openness: Float = 1
    ) -> Int {
        positions.append(position)
        colours.append(colour)
        coordinates.append(coordinate)
        headWeights.append(headWeight)
        self.openness.append(openness)
        return positions.count - 1
    }

    /// Adds a triangle.
    mutating func triangle(_ a: Int, _ b: Int, _ c: Int) {
        triangles.append(SIMD3(Int32(a), Int32(b), Int32(c)))
    }

    /// Adds the triangles of a grid of vertices whose rows go down and columns to the right, seen
    /// from outside.
    mutating func grid(first: Int, rows: Int, columns: Int) {
        for row in 0..<max(0, rows - 1) {
            for column in 0..<max(0, columns - 1) {
                let a = first + row * columns + column
                triangle(a, a + columns, a + 1)
                triangle(a + 1, a + columns, a + columns + 1)
            }
        }
    }

    /// Adds all of another mesh of the same material; its texture is not taken over.
    mutating func append(_ other: Mesh) {
        let first = Int32(positions.count)
        positions += other.positions
        colours += other.colours
        coordinates += other.coordinates
        headWeights += other.headWeights
        openness += other.openness
        strands += other.strands
        for t in other.triangles { triangles.append(t &+ SIMD3(repeating: first)) }
    }

    /// Adds a closed, round tube around a path, wider across than thick.
    ///
    /// - Parameters:
    ///   - path: The middle of the tube.
    ///   - widths: Half of its width at each point of the path.
    ///   - flatness: Thickness as part of the width.
    ///   - outward: Which way its flat side looks at each point.
    ///   - colour: Given the place along the path and around the tube, both 0…1.
    mutating func tube(
        path: [Vector3], widths: [Float], flatness: Float, outward: [Vector3], sides: Int,
        headWeight: (Vector3) -> Float, openness: Float,
        colour: (_ along: Float, _ around: Float) -> Vector3
    ) {
        guard path.count > 1, widths.count == path.count, outward.count == path.count else {
            return
        }
        let first = positions.count
        for index in path.indices {
            let before = path[max(0, index - 1)]
            let after = path[min(path.count - 1, index + 1)]
            let tangent = (after - before).unit
            let normal = (outward[index] - tangent * outward[index].dot(tangent)).unit
            let across = normal.cross(tangent)
            for side in 0...sides {
                let angle = Float(side) / Float(sides) * 2 * .pi
                let place =
                    path[index] + normal * (Elementary.cosine(angle) * widths[index] * flatness)
                    + across * (Elementary.sine(angle) * widths[index])
                add(
                    place,
                    colour: colour(
                        Float(index) / Float(path.count - 1), Float(side) / Float(sides)),
                    headWeight: headWeight(place), openness: openness)
                strands.append(tangent)
            }
        }
        grid(first: first, rows: path.count, columns: sides + 1)
    }
}
