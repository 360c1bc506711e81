/// From linear light to bytes: the sRGB curve, with a soft shoulder in place of hard clipping.
enum ToneCurve {
    private static let steps = 4096
    private static let range: Float = 2
    private static let table: [UInt8] = (0..<steps).map { index in
        let light = Float(index) / Float(steps - 1) * range
        let knee: Float = 0.55
        let held =
            light < knee
            ? light : knee + (1 - knee) * (1 - Elementary.exp(-(light - knee) / (1 - knee)))
        return UInt8(max(0, min(255, 255 * Elementary.power(held, 1 / 2.2) + 0.5)))
    }

    /// The byte for an amount of light, 0…2; more is held to 2.
    @inline(__always)
    static func byte(_ light: Float) -> UInt8 {
        table[Int((light > 0 ? min(range, light) : 0) * (Float(steps - 1) / range))]
    }
}
