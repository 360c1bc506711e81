/// Why coded keypoints cannot be decoded.
public enum KeypointCodingError: Error, Hashable, Sendable {
    /// The first byte names a format or a step that this build does not know.
    case unknownFormat(UInt8)
    /// The unit is empty.
    case empty
    /// The reference has another number of keypoints or another step than the unit.
    case referenceMismatch
    /// A decoded value lies outside of the picture or of the strength's range.
    case valueOutOfRange
}
