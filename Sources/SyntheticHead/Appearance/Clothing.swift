/// What a rendered head's shoulders wear.
public enum Clothing: CaseIterable, Sendable {
    /// Plain, with a round neck.
    case tShirt
    /// With a V-shaped neck.
    case vNeck
    /// A shirt with a collar and buttons.
    case shirt
    /// A jacket over a shirt.
    case jacket
    /// A jumper with horizontal stripes.
    case stripes
    /// A checked shirt with a collar.
    case checks
    /// A knitted jumper with a high collar.
    case rollNeck
}
