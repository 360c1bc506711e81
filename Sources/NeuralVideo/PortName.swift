/// The names of inputs and outputs that the program and the exported networks agree on.
///
/// All other names, those of what is kept of a source, are only compared between the networks.
enum PortName {
    /// A picture, `1 × height × width × 3`, RGB in 0…1.
    static let picture = "picture"
    /// Keypoints' x and y, `1 × count × 2`, in −1…1.
    static let locations = "locations"
    /// Keypoints' strengths, `1 × count`, in 0…1.
    static let strengths = "strengths"
}
