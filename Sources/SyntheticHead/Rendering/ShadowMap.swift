/// How far the main lamp's light reaches: the nearest surface for each ray from the lamp.
struct ShadowMap {
    private let side: Int
    private let right: Vector3
    private let up: Vector3
    private let forward: Vector3
    private let scale: Float
    private static let centre = Vector3(0, -0.55, 0)
    private var nearest: [Float]

    /// Makes an empty map for a lamp in a direction.
    init(direction: Vector3, side: Int) {
        self.side = side
        forward = direction.unit
        right = Vector3(0, 1, 0).cross(forward).unit
        up = forward.cross(right)
        scale = Float(side) / 4.4
        nearest = [Float](repeating: -100, count: side * side)
    }

    /// Place in the map, and nearness to the lamp.
    @inline(__always)
    private func project(_ p: Vector3) -> Vector3 {
        let q = p - Self.centre
        return Vector3(
            q.dot(right) * scale + Float(side) * 0.5, q.dot(up) * scale + Float(side) * 0.5,
            q.dot(forward))
    }

    /// Adds surfaces that throw a shadow.
    mutating func add(_ triangles: some Sequence<SIMD3<Int32>>, positions: [Vector3]) {
        let limit = Float(side - 1)
        for t in triangles {
            let a = project(positions[Int(t.x)])
            let b = project(positions[Int(t.y)])
            let c = project(positions[Int(t.z)])
            let area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)
            guard area > 1e-6 else { continue }
            let low = Vector3(min(a.x, min(b.x, c.x)), min(a.y, min(b.y, c.y)), 0)
            let high = Vector3(max(a.x, max(b.x, c.x)), max(a.y, max(b.y, c.y)), 0)
            guard low.x >= 0, low.y >= 0, high.x < limit, high.y < limit else { continue }
            for y in Int(low.y.rounded(.up))...max(Int(low.y.rounded(.up)), Int(high.y)) {
                for x in Int(low.x.rounded(.up))...max(Int(low.x.rounded(.up)), Int(high.x)) {
                    let (px, py) = (Float(x), Float(y))
                    let v = ((px - a.x) * (c.y - a.y) - (c.x - a.x) * (py - a.y)) / area
                    let w = ((b.x - a.x) * (py - a.y) - (px - a.x) * (b.y - a.y)) / area
                    let u = 1 - v - w
                    guard u >= -0.02, v >= -0.02, w >= -0.02 else { continue }
                    let z = a.z * u + b.z * v + c.z * w
                    let index = y * side + x
                    if z > nearest[index] { nearest[index] = z }
                }
            }
        }
    }

    /// The part of the lamp's light that arrives at a point, 0…1, soft at the edge.
    @inline(__always)
    func light(at point: Vector3, bias: Float) -> Float {
        let q = project(point)
        guard q.x > 2, q.y > 2, q.x < Float(side - 3), q.y < Float(side - 3) else { return 1 }
        let x = Int(q.x)
        let y = Int(q.y)
        let fx = q.x - Float(x)
        let fy = q.y - Float(y)
        let limit = q.z + bias
        var sum: Float = 0
        // A 4 × 4 block whose outer rows and columns count by how far the point lies into them.
        for row in -1...2 {
            let wy: Float = row == -1 ? 1 - fy : row == 2 ? fy : 1
            let base = (y &+ row) &* side &+ x
            let outer =
                (nearest[base &- 1] > limit ? 0 : 1 - fx) + (nearest[base &+ 2] > limit ? 0 : fx)
            let inner: Float =
                (nearest[base] > limit ? 0 : 1) + (nearest[base &+ 1] > limit ? 0 : 1)
            sum += wy * (outer + inner)
        }
        return sum * (1 / 9)
    }
}
