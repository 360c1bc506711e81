/// The rows and columns that the skin of a head is divided into: directions from the centre of the
/// skull.
///
/// Rows and columns lie close together on the face; one row runs along the line between the lips.
struct HeadGrid {
    /// Rows, from crown to throat.
    let rows: Int
    /// Columns, from the back around the picture's left, the face, the picture's right to the back.
    let columns: Int
    /// The row of the line between the lips.
    let mouthRow: Int
    /// How many columns the mouth reaches to either side of the middle one.
    let mouthReach: Int
    /// Elevation of the mouth, radians.
    let mouthElevation: Float
    /// Half the width of the mouth, radians of azimuth.
    let mouthAzimuth: Float

    private static let browElevation: Float = 0.40
    private static let chinElevation: Float = -1.02

    /// Makes a grid; `detail` 1 suits a picture of 256 × 256.
    init(detail: Float, mouthWidth: Float) {
        let top = Int(26 * detail) + 4
        let upper = Int(52 * detail) + 4
        let lower = Int(26 * detail) + 4
        let under = Int(14 * detail) + 3
        mouthRow = top + upper
        rows = top + upper + lower + under + 1
        let half = Int(72 * detail) + 4
        columns = 2 * half + 1
        mouthElevation = -0.60
        sections = [top, upper, lower, under]
        var reach = 1
        let wanted = 0.328 * mouthWidth
        while reach < half / 2, Self.azimuth(Float(reach) / Float(half)) < wanted { reach += 1 }
        mouthReach = reach
        mouthAzimuth = Self.azimuth(Float(reach) / Float(half))
    }

    private let sections: [Int]

    private static func azimuth(_ t: Float) -> Float { .pi * (0.45 * t + 0.55 * t * t * t) }

    /// The azimuth at a place across, 0…1: 0 in the face's middle, positive to the picture's right.
    func azimuth(across u: Float) -> Float { Self.azimuth(u * 2 - 1) }

    /// The elevation at a place down, 0…1.
    func elevation(down v: Float) -> Float {
        let row = v * Float(rows - 1)
        let bounds: [Float] = [
            .pi / 2, Self.browElevation, mouthElevation, Self.chinElevation, -.pi / 2,
        ]
        var begin: Float = 0
        for (index, count) in sections.enumerated() {
            let end = begin + Float(count)
            if row <= end || index == sections.count - 1 {
                return mix(bounds[index], bounds[index + 1], min(1, (row - begin) / Float(count)))
            }
            begin = end
        }
        return bounds[4]
    }

    /// The direction of an azimuth and an elevation.
    static func direction(azimuth: Float, elevation: Float) -> Vector3 {
        let c = Elementary.cosine(elevation)
        return Vector3(
            Elementary.sine(azimuth) * c, Elementary.sine(elevation), Elementary.cosine(azimuth) * c
        )
    }
}
