/// Conversions between sRGB and linear light (IEC 61966-2-1, with the curve's power part as 2.2).
enum Colour {
    /// Linear light, 0…1, of an sRGB colour given as bytes.
    static func linear(_ red: Float, _ green: Float, _ blue: Float) -> Vector3 {
        Vector3(
            Elementary.power(red / 255, 2.2), Elementary.power(green / 255, 2.2),
            Elementary.power(blue / 255, 2.2))
    }

    /// Linear light of a hue (0…1 around the circle), saturation and value, 0…1 in sRGB.
    static func linear(hue: Float, saturation: Float, value: Float) -> Vector3 {
        func channel(_ offset: Float) -> Float {
            let place = (hue + offset) - (hue + offset).rounded(.down)
            let ramp = saturate(abs(place * 6 - 3) - 1)
            return 255 * value * mix(1, ramp, saturation)
        }
        return linear(channel(0), channel(2.0 / 3), channel(1.0 / 3))
    }
}
