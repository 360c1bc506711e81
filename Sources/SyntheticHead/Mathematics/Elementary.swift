/// Elementary functions as short polynomials, good to about six digits.
///
/// The same bytes come out wherever IEEE arithmetic does, which a C library's functions do not
/// promise.
enum Elementary {
    /// The sine of an angle in radians.
    @inline(__always)
    static func sine(_ angle: Float) -> Float {
        let turns = (angle * (1 / (2 * Float.pi))).rounded()
        var x = angle - turns * (2 * Float.pi)
        if x > Float.pi / 2 { x = Float.pi - x }
        if x < -Float.pi / 2 { x = -Float.pi - x }
        let s = x * x
        return x * (1 + s * (-1 / 6 + s * (1 / 120 + s * (-1 / 5040 + s / 362_880))))
    }

    /// The cosine of an angle in radians.
    @inline(__always)
    static func cosine(_ angle: Float) -> Float { sine(angle + Float.pi / 2) }

    /// Two to the power of `x`.
    @inline(__always)
    static func exp2(_ x: Float) -> Float {
        // What is not a number takes the branch of very small ones.
        let bounded = x > -60 ? min(60, x) : -60
        let whole = bounded.rounded()
        let t = (bounded - whole) * 0.693_147_18
        let fraction = 1 + t * (1 + t * (0.5 + t * (1 / 6 + t * (1 / 24 + t / 120))))
        return fraction * Float(sign: .plus, exponent: Int(whole), significand: 1)
    }

    /// The natural exponential.
    @inline(__always)
    static func exp(_ x: Float) -> Float { exp2(x * 1.442_695) }

    /// The logarithm to base two of a positive number.
    @inline(__always)
    static func log2(_ x: Float) -> Float {
        guard x > 1e-30 else { return -100 }
        var exponent = Float(x.exponent)
        var m = x.significand
        if m > 1.414_213_5 {
            m *= 0.5
            exponent += 1
        }
        let z = (m - 1) / (m + 1)
        let s = z * z
        return exponent + 2.885_39 * z * (1 + s * (1 / 3 + s * (1 / 5 + s / 7)))
    }

    /// `x` to the power of `y`, for `x` not negative.
    @inline(__always)
    static func power(_ x: Float, _ y: Float) -> Float { x <= 0 ? 0 : exp2(y * log2(x)) }
}

/// The value between `a` and `b` at `t` of the way.
@inline(__always)
func mix(_ a: Float, _ b: Float, _ t: Float) -> Float { a + (b - a) * t }

/// The colour or point between `a` and `b` at `t` of the way.
@inline(__always)
func mix(_ a: Vector3, _ b: Vector3, _ t: Float) -> Vector3 { a + (b - a) * t }

/// `x` held to 0…1.
@inline(__always)
func saturate(_ x: Float) -> Float { max(0, min(1, x)) }

/// A smooth rise from 0 at `a` to 1 at `b`; falling where `b` is less than `a`.
@inline(__always)
func smoothstep(_ a: Float, _ b: Float, _ x: Float) -> Float {
    let t = saturate((x - a) / (b - a))
    return t * t * (3 - 2 * t)
}

/// A bell of height 1 around zero: exp(−(x/width)²).
@inline(__always)
func bell(_ x: Float, _ width: Float) -> Float {
    let t = x / width
    let s = t * t
    return s > 12 ? 0 : Elementary.exp(-s)
}

/// `values` (place, value; places rising) at `place`, piecewise with a smooth step between.
func interpolate(_ values: [(Float, Float)], at place: Float) -> Float {
    guard let first = values.first, let last = values.last else { return 0 }
    if place <= first.0 { return first.1 }
    for (a, b) in zip(values, values.dropFirst()) where place <= b.0 {
        let t = (place - a.0) / (b.0 - a.0)
        return mix(a.1, b.1, t * t * (3 - 2 * t) * 0.5 + t * 0.5)
    }
    return last.1
}
