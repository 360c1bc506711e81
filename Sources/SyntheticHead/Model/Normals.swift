/// Vertex normals from triangles.
enum Normals {
    /// Means of the normals of the triangles around each vertex, weighted by their areas.
    static func compute(positions: [Vector3], triangles: [SIMD3<Int32>]) -> [Vector3] {
        var normals = [Vector3](repeating: .zero, count: positions.count)
        accumulate(positions: positions, triangles: triangles, into: &normals)
        for index in normals.indices { normals[index] = normals[index].unit }
        return normals
    }

    /// Adds to each vertex the normals of the triangles around it, not brought to length 1.
    static func accumulate(
        positions: [Vector3], triangles: [SIMD3<Int32>], into normals: inout [Vector3]
    ) {
        for t in triangles {
            let (a, b, c) = (Int(t.x), Int(t.y), Int(t.z))
            let origin = positions[a]
            let n = (positions[b] - origin).cross(positions[c] - origin)
            normals[a] += n
            normals[b] += n
            normals[c] += n
        }
    }
}
