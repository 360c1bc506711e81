/// What stands behind a rendered head.
public enum BackdropStyle: CaseIterable, Sendable {
    /// A wall with a shelf, books and a vase.
    case shelf
    /// A wall with pictures and a plant.
    case gallery
    /// A window with curtains.
    case window
    /// Blurred lights in the dark.
    case lights
    /// Patterned wallpaper.
    case wallpaper
    /// A brick wall with a lamp.
    case bricks
}
