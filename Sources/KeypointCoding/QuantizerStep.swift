import Media

/// How finely locations and strengths are sent: locations in steps of 2^−``exponent`` (in −1…1 units).
///
/// At 256×256 one pixel is 2/256 = 2^−7.
public struct QuantizerStep: Hashable, Sendable {
    /// Locations are whole multiples of 2^−exponent; 4…10.
    public let exponent: UInt8

    /// One pixel at 256×256.
    public static let standard = QuantizerStep(unchecked: 7)

    /// Half a pixel at 256×256: still parts of the picture do not tremble.
    public static let halfPixel = QuantizerStep(unchecked: 8)

    /// Strengths are sent as 0…``largestStrength``, standing for 0…1.
    public static let largestStrength = 7

    /// Makes a step of 2^−exponent, or nothing where the exponent is not 4…10.
    public init?(exponent: UInt8) {
        guard (4...10).contains(exponent) else { return nil }
        self.exponent = exponent
    }

    private init(unchecked exponent: UInt8) { self.exponent = exponent }

    /// The largest coordinate: −1 is sent as 0, 1 as this.
    var largestCoordinate: Int { 2 << Int(exponent) }

    /// The nearest coordinate; locations outside of the picture move to its edge.
    func quantize(_ location: Float) -> Int16 {
        let scaled = (location + 1) * Float(1 << Int(exponent))
        guard scaled > 0 else { return 0 }  // also for NaN
        return Int16(min(scaled.rounded(), Float(largestCoordinate)))
    }

    /// The location in −1…1 that a coordinate stands for; exact in 32-bit floats.
    func location(_ coordinate: Int16) -> Float {
        Float(coordinate) / Float(1 << Int(exponent)) - 1
    }
}
