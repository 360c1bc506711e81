/// What a rendered person looks like: all that stays the same in a clip.
///
/// Colours are linear light, 0…1. Change a property before the head is made to get a certain look.
public struct HeadAppearance: Hashable, Sendable {
    /// Seeds the details that have no property of their own: freckles, strands, books on the shelf.
    public var seed: UInt64
    /// The proportions of the face.
    public var shape: FaceShape
    /// Colour of the skin.
    public var skin: SIMD3<Float>
    /// How dark the skin is, 0…1: redness and freckles show less on dark skin.
    public var skinDepth: Float
    /// Strength of freckles, 0…1.
    public var freckles: Float
    /// Colour of the lips.
    public var lips: SIMD3<Float>
    /// Colour of the iris.
    public var iris: SIMD3<Float>
    /// Colour of the hair on the head.
    public var hair: SIMD3<Float>
    /// How the hair is worn.
    public var hairStyle: HairStyle
    /// Colour of brows and beard.
    public var brow: SIMD3<Float>
    /// The hair on the face.
    public var facialHair: FacialHair
    /// Whether the head wears glasses.
    public var glasses: Bool
    /// Colour of the rims of the glasses.
    public var rims: SIMD3<Float>
    /// What the shoulders wear.
    public var clothing: Clothing
    /// Main colour of the clothes.
    public var cloth: SIMD3<Float>
    /// Second colour of the clothes.
    public var clothAccent: SIMD3<Float>
    /// What stands behind.
    public var backdrop: BackdropStyle
    /// The lamps.
    public var lighting: LightingSetup
    /// The camera.
    public var framing: CameraFraming
    /// Between masculine (0) and feminine (1) build.
    public var femininity: Float

    /// Draws a person; the same seed gives the same person.
    public init(seed: UInt64) {
        self.seed = seed
        var random = RandomSequence(seed: seed, stream: 1)
        let f: Float = random.chance(0.5) ? random.within(0...0.3) : random.within(0.7...1)
        femininity = f
        shape = FaceShape(random: &random, femininity: f)
        skinDepth = random.unit()
        skin = Self.skinColour(depth: skinDepth, random: &random)
        freckles = skinDepth < 0.35 && random.chance(0.3) ? random.within(0.4...1) : 0
        lips = mix(
            skin * Vector3(0.86, 0.56, 0.56), Colour.linear(176, 70, 74),
            0.2 + 0.25 * f * random.unit())
        iris = Self.irisColour(depth: skinDepth, random: &random)
        hair = Self.hairColour(depth: skinDepth, random: &random)
        hairStyle =
            f < 0.5
            ? random.choose(
                [.bald, .buzzed, .short, .short, .short, .swept, .swept, .curly, .long], or: .short)
            : random.choose(
                [.short, .curly, .bob, .bob, .long, .long, .long, .bun, .bun], or: .long)
        brow = mix(hair, hair * 0.5 + Vector3(0.01, 0.006, 0.004), 0.7)
        facialHair =
            f < 0.5 ? random.choose([.none, .none, .stubble, .goatee, .full], or: .none) : .none
        glasses = random.chance(0.28)
        rims = random.choose(
            [
                Vector3(0.012, 0.011, 0.011), Vector3(0.12, 0.045, 0.02), Vector3(0.03, 0.04, 0.1),
                Vector3(0.3, 0.28, 0.26),
            ], or: .zero)
        clothing = random.choose(Clothing.allCases, or: .tShirt)
        let hue = random.unit()
        cloth = Colour.linear(
            hue: hue, saturation: random.within(0.1...0.7), value: random.within(0.2...0.85))
        clothAccent =
            random.chance(0.4)
            ? Colour.linear(230, 228, 222)
            : Colour.linear(
                hue: hue + random.within(0.1...0.5), saturation: random.within(0.1...0.6),
                value: random.within(0.25...0.9))
        backdrop = random.choose(BackdropStyle.allCases, or: .shelf)
        lighting = LightingSetup(random: &random)
        framing = CameraFraming(random: &random)
    }

    private static func skinColour(depth: Float, random: inout RandomSequence) -> Vector3 {
        let scale: [Vector3] = [
            Colour.linear(242, 206, 186), Colour.linear(232, 188, 162),
            Colour.linear(220, 172, 140),
            Colour.linear(198, 146, 112), Colour.linear(164, 112, 80), Colour.linear(122, 80, 56),
            Colour.linear(84, 55, 40),
        ]
        let place = depth * Float(scale.count - 1)
        let index = min(Int(place), scale.count - 2)
        let tint = 0.05 * random.bellShaped()
        let base = mix(scale[index], scale[index + 1], place - Float(index))
        return base * Vector3(1 + tint, 1, 1 - tint)
    }

    private static func irisColour(depth: Float, random: inout RandomSequence) -> Vector3 {
        if depth > 0.5 || random.chance(0.4) {
            return mix(Colour.linear(60, 34, 20), Colour.linear(120, 74, 40), random.unit())
        }
        return random.choose(
            [
                Colour.linear(92, 132, 168), Colour.linear(118, 140, 150),
                Colour.linear(98, 120, 74),
                Colour.linear(134, 104, 56),
            ], or: Colour.linear(90, 60, 40))
    }

    private static func hairColour(depth: Float, random: inout RandomSequence) -> Vector3 {
        if random.chance(0.12) {
            return mix(Colour.linear(120, 118, 116), Colour.linear(196, 194, 190), random.unit())
        }
        let black = Colour.linear(30, 25, 23)
        let brown = Colour.linear(82, 54, 36)
        if depth > 0.5 { return mix(black, brown, 0.5 * random.unit()) }
        return random.choose(
            [
                mix(black, brown, random.unit()), mix(black, brown, random.unit()),
                mix(brown, Colour.linear(132, 92, 58), random.unit()),
                mix(Colour.linear(170, 130, 80), Colour.linear(212, 176, 120), random.unit()),
                mix(Colour.linear(126, 58, 28), Colour.linear(160, 84, 44), random.unit()),
            ],
            or: brown)
    }
}
