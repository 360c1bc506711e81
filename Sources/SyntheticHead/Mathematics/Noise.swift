/// Smooth value noise on an integer lattice.
struct Noise {
    private let seed: UInt64

    /// Makes the noise of a seed.
    init(seed: UInt64) { self.seed = RandomSequence.scramble(seed &+ 0x51ED_270B) }

    /// Noise of one variable, −1…1, features about 1 apart.
    func at(_ place: Double) -> Float {
        let floor = place.rounded(.down)
        let t = Float(place - floor)
        let cell = Int64(max(-9e15, min(9e15, floor)))
        let w = t * t * t * (t * (t * 6 - 15) + 10)
        return mix(corner(cell, 0, 0), corner(cell &+ 1, 0, 0), w)
    }

    /// Noise of two or three variables, −1…1, features about 1 apart.
    func at(_ x: Float, _ y: Float, _ z: Float = 0) -> Float {
        guard max(abs(x), max(abs(y), abs(z))) < 1e9, x + y + z == x + y + z else { return 0 }
        let fx = x.rounded(.down)
        let fy = y.rounded(.down)
        let fz = z.rounded(.down)
        let (i, j, k) = (Int64(fx), Int64(fy), Int64(fz))
        let u = Self.ease(x - fx)
        let v = Self.ease(y - fy)
        let w = Self.ease(z - fz)
        let near = mix(
            mix(corner(i, j, k), corner(i + 1, j, k), u),
            mix(corner(i, j + 1, k), corner(i + 1, j + 1, k), u), v)
        guard w > 0 else { return near }
        let far = mix(
            mix(corner(i, j, k + 1), corner(i + 1, j, k + 1), u),
            mix(corner(i, j + 1, k + 1), corner(i + 1, j + 1, k + 1), u), v)
        return mix(near, far, w)
    }

    /// Three octaves of ``at(_:_:_:)``.
    func layered(_ x: Float, _ y: Float, _ z: Float = 0) -> Float {
        0.57 * at(x, y, z) + 0.29 * at(x * 2.1 + 7, y * 2.1, z * 2.1)
            + 0.14 * at(x * 4.3, y * 4.3 + 3, z * 4.3)
    }

    @inline(__always)
    private static func ease(_ t: Float) -> Float { t * t * (3 - 2 * t) }

    @inline(__always)
    private func corner(_ i: Int64, _ j: Int64, _ k: Int64) -> Float {
        let key =
            UInt64(bitPattern: i) &* 0x8DA6_B343 ^ UInt64(bitPattern: j) &* 0xD816_3841_F3
            ^ UInt64(bitPattern: k) &* 0xCB1A_B31F_0007
        return RandomSequence.fraction(RandomSequence.scramble(key ^ seed)) * 2 - 1
    }
}
