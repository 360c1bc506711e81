/// The proportions of a rendered face; each is a factor or an offset around an average face.
public struct FaceShape: Hashable, Sendable {
    /// Width of the head, 0.9…1.1.
    public var width: Float
    /// Width of the jaw, 0.8…1.15.
    public var jaw: Float
    /// Length of the chin, −1…1.
    public var chin: Float
    /// Prominence of the cheekbones, 0…1.
    public var cheeks: Float
    /// Fullness of face and neck, −1…1.
    public var fullness: Float
    /// Width of the nose, 0.8…1.35.
    public var noseWidth: Float
    /// Length of the nose, 0.88…1.12.
    public var noseLength: Float
    /// How far the nose stands out, 0.85…1.15.
    public var noseHeight: Float
    /// Thickness of the lips, 0.65…1.5.
    public var lips: Float
    /// Width of the mouth, 0.88…1.12.
    public var mouthWidth: Float
    /// Size of the eyes, 0.9…1.15.
    public var eyeSize: Float
    /// Slant of the eyes, −1 (outer corner down) to 1 (up).
    public var eyeTilt: Float
    /// How far the eyes stand apart, 0.93…1.07.
    public var eyeDistance: Float
    /// Thickness of the brows, 0.5…1.5.
    public var browThickness: Float
    /// Arch of the brows, 0…1.
    public var browArch: Float
    /// Strength of the ridge over the eyes, 0…1.
    public var browRidge: Float

    /// Draws a face, between masculine (0) and feminine (1).
    init(random: inout RandomSequence, femininity f: Float) {
        width = 1 + 0.06 * random.bellShaped() - 0.01 * f
        jaw = 1.05 - 0.15 * f + 0.12 * random.bellShaped()
        chin = random.bellShaped() * 0.8 - 0.3 * f
        cheeks = saturate(0.4 + 0.15 * f + 0.5 * random.bellShaped())
        fullness = random.bellShaped()
        noseWidth = 1.04 - 0.22 * f + 0.22 * random.bellShaped()
        noseLength = 0.99 - 0.08 * f + 0.09 * random.bellShaped()
        noseHeight = 1.02 - 0.08 * f + 0.13 * random.bellShaped()
        lips = 0.9 + 0.25 * f + 0.35 * random.bellShaped()
        mouthWidth = 1 + 0.1 * random.bellShaped()
        eyeSize = 0.98 + 0.1 * f + 0.07 * random.bellShaped()
        eyeTilt = 0.15 + 0.2 * f + 0.6 * random.bellShaped()
        eyeDistance = 1 + 0.06 * random.bellShaped()
        browThickness = 1.15 - 0.4 * f + 0.35 * random.bellShaped()
        browArch = saturate(0.35 + 0.3 * f + 0.5 * random.bellShaped())
        browRidge = saturate(0.6 - 0.45 * f + 0.3 * random.bellShaped())
    }
}
