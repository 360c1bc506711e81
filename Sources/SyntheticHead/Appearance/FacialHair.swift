/// The hair on a rendered face.
public enum FacialHair: CaseIterable, Sendable {
    /// Clean shaven.
    case none
    /// A shadow of a few days.
    case stubble
    /// Moustache and a beard around the mouth.
    case goatee
    /// Moustache, cheeks and chin.
    case full
}
