/// How a rendered head wears its hair.
public enum HairStyle: CaseIterable, Sendable {
    /// No hair on the crown, a ring of stubble at the sides.
    case bald
    /// Cropped to a few millimetres.
    case buzzed
    /// Short, with a side parting.
    case short
    /// Short at the sides, longer and swept back at the top.
    case swept
    /// Tight curls standing off the head.
    case curly
    /// To the chin, with a fringe.
    case bob
    /// Over the shoulders, parted.
    case long
    /// Combed back into a knot.
    case bun
}
