/// What a rendered face does at one moment; zero everywhere is a face at rest with open eyes.
public struct HeadExpression: Hashable, Sendable {
    /// How far the jaw drops, 0…1.
    public var jawOpen: Float = 0
    /// How far the lips are drawn apart to the sides, 0…1 ("ee").
    public var lipsWide: Float = 0
    /// How far the lips are rounded and pushed out, 0…1 ("oo").
    public var lipsRound: Float = 0
    /// How far the lips are pressed together, 0…1 ("m").
    public var lipsPressed: Float = 0
    /// How far the lips part from each other, apart from the jaw, 0…1.
    public var lipsParted: Float = 0
    /// Smile, 0…1.
    public var smile: Float = 0
    /// Raised (1) or lowered (−1) brows.
    public var browRaise: Float = 0
    /// Closed eyelids, 0 (open) …1 (shut).
    public var blink: Float = 0
    /// Turn of the eyes relative to the head, radians, positive towards the picture's right.
    public var gazeX: Float = 0
    /// Turn of the eyes relative to the head, radians, positive up.
    public var gazeY: Float = 0

    /// Makes a face at rest.
    public init() {}
}
