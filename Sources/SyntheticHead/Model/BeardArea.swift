/// Where a beard grows.
enum BeardArea {
    /// How much hair there is in a direction, 0…1.
    static func coverage(
        of style: FacialHair, azimuth: Float, elevation: Float, mouthElevation: Float
    ) -> Float {
        guard style != .none else { return 0 }
        let a = abs(azimuth)
        let e = elevation - mouthElevation
        // Moustache: a band over the lip, drooping beside the mouth.
        let moustache =
            bell(e - mix(0.135, 0.06, smoothstep(0, 0.42, a)), 0.055) * smoothstep(0.46, 0.34, a)
        // Bare around the lips.
        let lips = smoothstep(
            0.9, 1.15, ((a / 0.33) * (a / 0.33) + (e / 0.1) * (e / 0.1)).squareRoot())
        let reach: Float = style == .goatee ? smoothstep(0.52, 0.38, a) : smoothstep(1.42, 1.30, a)
        let cheek = mix(0.0, 0.42, smoothstep(0.45, 1.25, a))
        let chin = smoothstep(cheek + 0.05, cheek - 0.08, e) * smoothstep(-0.72, -0.55, e)
        return max(moustache, chin * reach) * lips
    }
}
