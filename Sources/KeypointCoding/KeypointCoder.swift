/// Codes the keypoints of consecutive pictures into one self-contained unit and back.
///
/// The first picture is predicted from a source's own keypoints, which both ends hold; each further
/// one from the picture before it. In each picture the mean displacement of all keypoints comes
/// first, then what remains of each (`Protocol/keypoints.md`). Losing a unit loses its pictures only.
public enum KeypointCoder {
    /// The high four bits of a unit's first byte.
    static let format: UInt8 = 1

    /// Codes pictures of equal step and count, at least one.
    ///
    /// - Parameters:
    ///   - pictures: the pictures' keypoints in order.
    ///   - reference: the source's keypoints, of the same step and count.
    /// - Throws: ``KeypointCodingError/referenceMismatch`` or ``KeypointCodingError/empty``.
    public static func encode(
        _ pictures: [QuantizedKeypoints], reference: QuantizedKeypoints
    ) throws(KeypointCodingError) -> [UInt8] {
        guard !pictures.isEmpty, reference.count > 0 else { throw .empty }
        var coder = RangeEncoder()
        var models = PictureModels()
        var before = reference
        for (index, picture) in pictures.enumerated() {
            guard picture.count == reference.count, picture.step == reference.step else {
                throw .referenceMismatch
            }
            before = models.encode(picture, from: before, isFirst: index == 0, with: &coder)
        }
        return [format << 4 | reference.step.exponent] + coder.finish()
    }

    /// Decodes `pictureCount` pictures; `bytes` come from the network and may be anything.
    public static func decode(
        _ bytes: [UInt8], pictureCount: Int, reference: QuantizedKeypoints
    ) throws(KeypointCodingError) -> [QuantizedKeypoints] {
        guard let first = bytes.first, pictureCount > 0, reference.count > 0 else { throw .empty }
        guard first >> 4 == format, let step = QuantizerStep(exponent: first & 0xF) else {
            throw .unknownFormat(first)
        }
        guard step == reference.step else { throw .referenceMismatch }
        var coder = RangeDecoder(Array(bytes.dropFirst()))
        var models = PictureModels()
        var before = reference
        var pictures = [QuantizedKeypoints]()
        for index in 0..<pictureCount {
            before = try models.decode(from: before, isFirst: index == 0, with: &coder)
            pictures.append(before)
        }
        return pictures
    }
}
