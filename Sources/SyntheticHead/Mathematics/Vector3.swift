/// A point, direction or linear-light colour: three floats.
typealias Vector3 = SIMD3<Float>

extension SIMD3 where Scalar == Float {
    /// The scalar product.
    @inline(__always)
    func dot(_ other: Vector3) -> Float { x * other.x + y * other.y + z * other.z }

    /// The vector product, right-handed.
    @inline(__always)
    func cross(_ other: Vector3) -> Vector3 {
        Vector3(
            y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }

    /// The Euclidean length.
    @inline(__always)
    var length: Float { dot(self).squareRoot() }

    /// The vector of length 1 with this direction; zero stays zero.
    @inline(__always)
    var unit: Vector3 {
        let square = dot(self)
        return square > 1e-20 ? self * (1 / square.squareRoot()) : .zero
    }
}
