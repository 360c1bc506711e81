/// The lamps around a rendered head; directions point from the head to the lamp, colours are linear
/// light.
public struct LightingSetup: Hashable, Sendable {
    /// Where the main lamp stands.
    public var keyDirection: SIMD3<Float>
    /// The main lamp's colour times its strength.
    public var key: SIMD3<Float>
    /// Soft light from above.
    public var sky: SIMD3<Float>
    /// Soft light from below.
    public var ground: SIMD3<Float>
    /// Where the lamp behind the head stands.
    public var rimDirection: SIMD3<Float>
    /// The colour times strength of the lamp behind the head.
    public var rim: SIMD3<Float>

    /// Draws a setup.
    init(random: inout RandomSequence) {
        let side: Float = random.chance(0.5) ? 1 : -1
        let height = random.within(0.35...0.95)
        keyDirection = Vector3(side * random.within(0.25...1.0), height, 1).unit
        let warmth = random.within(-0.12...0.2)
        let strength = random.within(0.72...1.0)
        key = Vector3(1 + warmth, 1, 1 - 1.3 * warmth) * strength
        let fill = random.within(0.3...0.5)
        sky = Vector3(1 - 0.5 * warmth, 1, 1 + 0.5 * warmth) * fill
        ground = Vector3(1.05, 0.95, 0.85) * fill * random.within(0.45...0.7)
        rimDirection =
            Vector3(-side * random.within(0.7...1.1), random.within(0.2...0.8), -0.75).unit
        rim = Vector3(1 - warmth, 1, 1 + warmth) * random.within(0.15...0.7)
    }
}
