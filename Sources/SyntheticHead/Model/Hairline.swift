/// Where hair grows on a head.
struct Hairline {
    private let noise: Noise
    private let knots: [(Float, Float)]

    /// The hairline of an appearance.
    init(_ appearance: HeadAppearance) {
        noise = Noise(seed: appearance.seed &+ 21)
        var random = RandomSequence(seed: appearance.seed, stream: 21)
        // Men's hair recedes at the temples.
        let recede = (1 - appearance.femininity) * random.within(0...0.16)
        let high = random.within(-0.03...0.05)
        let burn: Float = appearance.femininity < 0.5 ? -0.12 : 0.08
        knots = [
            (0, 0.76 + high), (0.35, 0.76 + high + recede), (0.62, 0.70 + high + recede * 0.8),
            (0.86, 0.47), (1.08, 0.20), (1.22, burn), (1.38, burn - 0.04), (1.5, 0.14), (1.9, 0.14),
            (2.15, -0.2), (3.15, -0.46),
        ]
    }

    /// How far inside of the hair a direction is, radians; negative on bare skin.
    func coverage(azimuth: Float, elevation: Float) -> Float {
        elevation - interpolate(knots, at: abs(azimuth)) + 0.025
            * noise.at(azimuth * 22, elevation * 3)
    }
}
