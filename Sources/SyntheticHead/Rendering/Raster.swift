/// A depth-buffered picture with two by two samples for each pixel, within the bounds of what is
/// drawn.
struct Raster {
    /// A vertex as it is drawn.
    struct Vertex {
        /// Place in samples, right and down; z: one over the distance to the camera.
        var place: Vector3
        /// Light that the surface's colour is multiplied with, and the highlight that is added to
        /// it.
        var light: SIMD4<Float>
    }

    /// Samples in a row.
    let width: Int
    /// Rows of samples.
    let height: Int
    /// Linear light of each sample; the fourth number is one over its distance, 0 where nothing is
    /// drawn.
    private(set) var samples: [SIMD4<Float>]

    /// Makes an empty picture.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        samples = [SIMD4<Float>](repeating: .zero, count: width * height)
    }

    /// Draws triangles that look at the camera.
    mutating func draw(
        _ triangles: some Sequence<SIMD3<Int32>>, vertices: [Vertex],
        coordinates: [SIMD2<Float>], texture: Texture?, highlight: Vector3
    ) {
        let glint = SIMD4(highlight, 0)
        let stride = width
        let rows = height
        var span = samples.mutableSpan
        for t in triangles {
            let (i, j, k) = (Int(t.x), Int(t.y), Int(t.z))
            guard
                let setup = Setup(
                    vertices[i].place, vertices[j].place, vertices[k].place, width: stride,
                    height: rows)
            else { continue }
            let (a, b, c) = (vertices[i].light, vertices[j].light, vertices[k].light)
            let (p, q, r) = (coordinates[i], coordinates[j], coordinates[k])
            Self.fill(setup, stride: stride, samples: &span) { u, v, w in
                var colour = a * u + b * v + c * w
                if let texture {
                    let place = p * u + q * v + r * w
                    let shine = colour.w
                    colour *= texture.sample(place.x, place.y)
                    return colour + glint * shine
                }
                return colour + glint * colour.w
            }
        }
    }

    /// Draws the triangles around the eyes, open between the lids and with lashes along the upper
    /// one.
    ///
    /// - Parameters:
    ///   - lids: For each vertex the height above the lower lid and the height of the open eye.
    ///   - open: How far the eyes are open, 0…1.
    mutating func drawLids(
        _ triangles: some Sequence<SIMD3<Int32>>, vertices: [Vertex],
        coordinates: [SIMD2<Float>], texture: Texture, highlight: Vector3, lids: [SIMD2<Float>],
        open: Float, lashes: Float
    ) {
        let glint = SIMD4(highlight, 0)
        let stride = width
        let rows = height
        var span = samples.mutableSpan
        for t in triangles {
            let (i, j, k) = (Int(t.x), Int(t.y), Int(t.z))
            guard
                let setup = Setup(
                    vertices[i].place, vertices[j].place, vertices[k].place, width: stride,
                    height: rows)
            else { continue }
            let (a, b, c) = (vertices[i].light, vertices[j].light, vertices[k].light)
            let (p, q, r) = (coordinates[i], coordinates[j], coordinates[k])
            let (l, m, n) = (lids[i], lids[j], lids[k])
            Self.fill(setup, stride: stride, samples: &span) { u, v, w in
                let lid = l * u + m * v + n * w
                let edge = lid.y * open
                if lid.x > 0, lid.x < edge { return nil }
                let light = a * u + b * v + c * w
                let place = p * u + q * v + r * w
                var colour = light * texture.sample(place.x, place.y) + glint * light.w
                // Lashes over the edge, a thin damp rim and sparse lashes below it.
                if lid.y > -0.03 {
                    let above = lid.x - max(edge, 0)
                    if above >= 0, above < 0.05 {
                        colour *= mix(
                            1, 0.12,
                            lashes * smoothstep(0.032, 0.008, above)
                                * smoothstep(-0.03, 0.02, lid.y))
                    } else if lid.x <= 0, lid.x > -0.03 {
                        colour *= mix(
                            1, 0.6,
                            lashes * smoothstep(-0.03, -0.004, lid.x)
                                * smoothstep(-0.01, 0.03, lid.y))
                    }
                }
                return colour
            }
        }
    }

    /// A triangle's bounds and the slopes of its weights.
    private struct Setup {
        let left: Int
        let right: Int
        let top: Int
        let bottom: Int
        let start: Vector3
        let acrossStep: Vector3
        let downStep: Vector3
        let depths: Vector3

        /// The least whole number not below `x`, for `x` not negative; quicker than the general
        /// function.
        @inline(__always)
        private static func ceiling(_ x: Float) -> Int {
            let whole = Int(x)
            return Float(whole) < x ? whole &+ 1 : whole
        }

        @inline(__always)
        init?(_ a: Vector3, _ b: Vector3, _ c: Vector3, width: Int, height: Int) {
            let area = (c.x - a.x) * (b.y - a.y) - (b.x - a.x) * (c.y - a.y)
            guard area > 1e-5 else { return nil }
            let minX = max(0, min(a.x, min(b.x, c.x)) - 0.5)
            let maxX = min(Float(width) - 0.5, max(a.x, max(b.x, c.x)) - 0.5)
            let minY = max(0, min(a.y, min(b.y, c.y)) - 0.5)
            let maxY = min(Float(height) - 0.5, max(a.y, max(b.y, c.y)) - 0.5)
            guard minX <= maxX, minY <= maxY else { return nil }
            left = Self.ceiling(minX)
            right = Int(maxX)
            top = Self.ceiling(minY)
            bottom = Int(maxY)
            guard left <= right, top <= bottom else { return nil }
            let scale = 1 / area
            // Weight of a corner: area of the triangle that the sample makes with the other two.
            acrossStep = Vector3(c.y - b.y, a.y - c.y, b.y - a.y) * scale
            downStep = Vector3(b.x - c.x, c.x - a.x, a.x - b.x) * scale
            let x = Float(left) + 0.5
            let y = Float(top) + 0.5
            let u = ((c.x - x) * (b.y - y) - (b.x - x) * (c.y - y)) * scale
            let v = ((a.x - x) * (c.y - y) - (c.x - x) * (a.y - y)) * scale
            start = Vector3(u, v, 1 - u - v)
            depths = Vector3(a.z, b.z, c.z)
        }
    }

    /// Visits the samples in front within a triangle; `shade` gives nothing where the surface has a
    /// hole.
    @inline(__always)
    private static func fill(
        _ setup: Setup, stride: Int, samples: inout MutableSpan<SIMD4<Float>>,
        shade: (Float, Float, Float) -> SIMD4<Float>?
    ) {
        var rowWeights = setup.start
        for y in setup.top...setup.bottom {
            var w = rowWeights
            var index = y &* stride &+ setup.left
            var wasInside = false
            for _ in setup.left...setup.right {
                if w.x >= 0, w.y >= 0, w.z >= 0 {
                    let z = w.dot(setup.depths)
                    wasInside = true
                    if z > samples[index].w, let colour = shade(w.x, w.y, w.z) {
                        samples[index] = SIMD4(colour.x, colour.y, colour.z, z)
                    }
                } else if wasInside {
                    // A triangle has no gaps: the rest of the row is outside.
                    break
                }
                w += setup.acrossStep
                index &+= 1
            }
            rowWeights += setup.downStep
        }
    }
}
