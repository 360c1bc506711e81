/// How one vertex of the face moves with each part of an expression, units of ten centimetres at
/// full strength.
struct FaceMorph {
    /// With ``HeadExpression/jawOpen``.
    var jaw: Vector3 = .zero
    /// With ``HeadExpression/lipsWide``.
    var wide: Vector3 = .zero
    /// With ``HeadExpression/lipsRound``.
    var round: Vector3 = .zero
    /// With ``HeadExpression/lipsPressed``.
    var pressed: Vector3 = .zero
    /// With ``HeadExpression/lipsParted``.
    var parted: Vector3 = .zero
    /// With ``HeadExpression/smile``.
    var smile: Vector3 = .zero
    /// With ``HeadExpression/browRaise``.
    var brow: Vector3 = .zero

    /// The movement for an expression.
    @inline(__always)
    func offset(_ face: HeadExpression) -> Vector3 {
        let lower = jaw * face.jawOpen + parted * face.lipsParted + pressed * face.lipsPressed
        let sides = wide * face.lipsWide + round * face.lipsRound + smile * face.smile
        return lower + sides + brow * face.browRaise
    }

    /// Whether the vertex moves at all.
    var moves: Bool {
        let parts = [jaw, wide, round, pressed, parted, smile, brow]
        return parts.contains { $0.dot($0) > 1e-7 }
    }
}
