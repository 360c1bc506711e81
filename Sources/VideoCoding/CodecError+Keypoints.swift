import KeypointCoding

extension CodecError {
    /// What went wrong with keypoints.
    init(_ error: KeypointCodingError) {
        switch error {
        case .empty: self = .corrupt(reason: "no keypoints")
        case .pictureCount(let count): self = .corrupt(reason: "keypoints of \(count) pictures")
        case .keypointCount(let expected, let found):
            self = .keypointCount(expected: expected, found: found)
        }
    }
}
