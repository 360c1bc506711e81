/// A picture that lies on a mesh, in linear light.
struct Texture {
    /// Texels in a row.
    let width: Int
    /// Rows.
    let height: Int
    private var texels: [SIMD4<Float>]

    /// Paints a texture: `paint` gives the colour at a place, 0…1 right and down.
    init(width: Int, height: Int, paint: (Float, Float) -> Vector3) {
        self.width = width
        self.height = height
        texels = []
        texels.reserveCapacity(width * height)
        for row in 0..<height {
            let v = Float(row) / Float(height - 1)
            for column in 0..<width {
                texels.append(SIMD4(paint(Float(column) / Float(width - 1), v), 0))
            }
        }
    }

    /// The colour at a place, blended from four texels; the last of four numbers is 0.
    @inline(__always)
    func sample(_ u: Float, _ v: Float) -> SIMD4<Float> {
        let x = u > 0 ? min(Float(width - 1) - 0.001, u * Float(width - 1)) : 0
        let y = v > 0 ? min(Float(height - 1) - 0.001, v * Float(height - 1)) : 0
        let column = Int(x)
        let row = Int(y)
        let p = x - Float(column)
        let q = y - Float(row)
        let index = row &* width &+ column
        let a = texels[index]
        let b = texels[index &+ 1]
        let c = texels[index &+ width]
        let d = texels[index &+ width &+ 1]
        let top = a + (b - a) * p
        let bottom = c + (d - c) * p
        return top + (bottom - top) * q
    }
}
