/// How a rendered head sits in the picture.
public struct CameraFraming: Hashable, Sendable {
    /// Height of the head, chin to crown, as part of the picture's smaller side.
    public var headHeight: Float
    /// Where the middle of the head lies, parts of the smaller side right of the picture's middle.
    public var offsetX: Float
    /// Where the middle of the head lies, parts of the smaller side above the picture's middle.
    public var offsetY: Float
    /// How far the camera is from the head, in units of ten centimetres.
    public var distance: Float

    /// Draws a framing.
    init(random: inout RandomSequence) {
        headHeight = random.within(0.48...0.70)
        offsetX = 0.05 * random.bellShaped()
        offsetY = mix(0.07, 0.02, (headHeight - 0.48) / 0.22) + 0.03 * random.bellShaped()
        distance = random.within(7...11)
    }
}
