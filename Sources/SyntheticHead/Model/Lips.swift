/// The outline of the lips around the line between them, in the directions of a ``HeadGrid``.
struct Lips {
    private let upper: Float
    private let lower: Float
    private let halfWidth: Float
    private let line: Float

    /// Makes the lips of a face.
    init(shape: FaceShape, grid: HeadGrid) {
        upper = 0.072 * shape.lips
        lower = 0.098 * shape.lips
        halfWidth = grid.mouthAzimuth
        line = grid.mouthElevation
    }

    /// Place across the mouth: −1 and 1 at the corners.
    func across(_ azimuth: Float) -> Float { azimuth / halfWidth }

    /// Place over the lip: 0 at the line between the lips, 1 at the upper edge, −1 at the lower;
    /// beyond outside.
    func height(azimuth: Float, elevation: Float) -> Float {
        let s = across(azimuth)
        let e = elevation - line
        let room = max(0, 1 - s * s)
        if e >= 0 {
            // Cupid's bow: two peaks beside a dip in the middle.
            let bow = 1 - 0.22 * bell(s, 0.13) + 0.10 * bell(abs(s) - 0.26, 0.2)
            let edge = upper * bow * Elementary.power(room, 0.75)
            return edge > 1e-4 ? e / edge : 9
        }
        let edge = lower * Elementary.power(room, 0.55)
        return edge > 1e-4 ? e / edge : -9
    }

    /// How far the lips stand out from the skin around them, units of ten centimetres.
    func bulge(azimuth: Float, elevation: Float) -> Float {
        let s = across(azimuth)
        let room = max(0, 1 - s * s)
        let e = elevation - line
        let size = e >= 0 ? upper : lower
        let h = e / size
        // Round over the lip, rolled in at the line between.
        let profile = bell(abs(h) - 0.55, 0.55) - 0.75 * bell(h, 0.22)
        return profile * 0.042 * room * (e >= 0 ? 0.85 : 1) - 0.010 * bell(h, 0.3)
            * bell(abs(s) - 1, 0.16)
    }
}
