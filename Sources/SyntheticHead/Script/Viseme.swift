/// The shape of the mouth in one sound of speech; each part 0…1 as in ``HeadExpression``.
struct Viseme {
    /// How far the jaw drops.
    var open: Float
    /// How far the lips are drawn apart to the sides.
    var wide: Float
    /// How far the lips are rounded.
    var round: Float
    /// How far the lips are pressed together.
    var pressed: Float
    /// How far the lips part from each other.
    var parted: Float

    /// The shape between this one (share 0) and another (1).
    func blended(with other: Viseme, share: Float) -> Viseme {
        Viseme(
            open: mix(open, other.open, share), wide: mix(wide, other.wide, share),
            round: mix(round, other.round, share), pressed: mix(pressed, other.pressed, share),
            parted: mix(parted, other.parted, share))
    }
}
