/// Lights vertices: wrapped diffuse light for skin, strand highlights for hair, plain diffuse for
/// cloth.
struct Shader {
    private let lamps: LightingSetup
    private let camera: Vector3
    private let half: Vector3

    /// Prepares for lamps and a camera.
    init(lamps: LightingSetup, camera: Vector3) {
        self.lamps = lamps
        self.camera = camera
        half = (lamps.keyDirection + Vector3(0, 0, 1)).unit
    }

    /// The colour of highlights.
    var highlight: Vector3 { lamps.key }

    /// Light that leaves a surface of colour 1, and (fourth) the strength of the highlight.
    @inline(__always)
    func light(
        _ material: Mesh.Material, at point: Vector3, normal n: Vector3, strand: Vector3,
        lit: Float, openness: Float
    ) -> SIMD4<Float> {
        let l = lamps.keyDirection
        let facing = n.dot(l)
        let hemisphere = mix(lamps.ground, lamps.sky, 0.5 + 0.5 * n.y) * openness
        let view = (camera - point).unit
        let grazing = 1 - saturate(n.dot(view))
        let back = saturate(n.dot(lamps.rimDirection)) * (0.3 + 0.7 * openness)
        switch material {
        case .skin:
            // Red light travels farthest below the skin: it wraps farther round and into the
            // shadow.
            let wrap = Vector3(0.40, 0.22, 0.15)
            let diffuse = ((Vector3(repeating: facing) + wrap) / (wrap + 1)).clamped(
                lowerBound: .zero, upperBound: Vector3(repeating: 1))
            let through = mix(Vector3(0.13, 0.05, 0.03), Vector3(1, 1, 1), lit)
            let sum =
                hemisphere + lamps.key * diffuse * through + lamps.rim * (back * grazing * 1.3)
            let gloss = Elementary.power(saturate(n.dot((l + view).unit)), 22) * lit * openness
            return SIMD4(
                sum, 0.10 * gloss + 0.05 * grazing * grazing * grazing * lit * saturate(facing))
        case .hair:
            let along = strand.dot(l)
            let diffuse =
                (1 - along * along).squareRoot() * (0.35 + 0.65 * saturate(facing * 0.8 + 0.2))
            let shine = strand.dot(half)
            let gloss = Elementary.power(max(0, 1 - shine * shine), 14) * saturate(facing + 0.3)
            let sum =
                hemisphere * 0.9 + lamps.key * diffuse * mix(0.15, 1, lit) + lamps.rim
                * (back * 1.4)
            return SIMD4(sum * (1 + 1.1 * gloss * lit), 0.028 * gloss * lit)
        case .gloss:
            let sum = hemisphere + lamps.key * (saturate(facing) * lit)
            let gloss = Elementary.power(saturate(n.dot((l + view).unit)), 50)
            return SIMD4(sum, 0.55 * gloss * lit)
        case .eye:
            let sum =
                hemisphere * 0.75 + lamps.key
                * (saturate((facing + 0.35) / 1.35) * mix(0.5, 1, lit) * 0.8)
            return SIMD4(sum, 0)
        case .glow:
            return SIMD4(Vector3(repeating: mix(0.45, 1, lit)), 0)
        case .cloth, .matt:
            let diffuse = saturate((facing + 0.12) / 1.12)
            let sum = hemisphere + lamps.key * (diffuse * lit) + lamps.rim * (back * grazing * 0.8)
            return SIMD4(sum, 0)
        }
    }
}
