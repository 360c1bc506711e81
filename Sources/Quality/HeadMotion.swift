/// What the head does in a clip, by the rule of `head_motion` in `Training/measures.py`.
///
/// Measured against the first face: how far the head's middle goes, in heights of the head, and how far the nose
/// leaves the line from eyes to mouth as the head turns, in the same unit (0.09 is a turn of some 20 degrees); 95th
/// percentiles.
public enum HeadMotion: String, Hashable, Sendable {
    case still = "still head"
    case moving = "moving head"
    case largeTurn = "large turn"
    case noFace = "no face"

    /// Eyes to mouth of a head as high as one.
    private static let eyesToMouth = 0.38

    /// Tells it by the landmarks of a clip's pictures; nothing for pictures without a face.
    public init(_ landmarks: [FaceLandmarks?]) {
        let faces = landmarks.compactMap(\.self)
        guard let first = faces.first else {
            self = .noFace
            return
        }
        let height = Self.percentile(faces.map(\.length), 0.5) / Self.eyesToMouth
        let shifts = faces.map { $0.middle.distance(to: first.middle) / height }
        let turns = faces.map { abs($0.turn - first.turn) / height }
        let (shift, turn) = (Self.percentile(shifts, 0.95), Self.percentile(turns, 0.95))
        if shift > 0.3 || turn > 0.09 {
            self = .largeTurn
        } else if shift < 0.05, turn < 0.02 {
            self = .still
        } else {
            self = .moving
        }
    }

    /// With linear interpolation between samples.
    private static func percentile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        let place = share * Double(sorted.count - 1)
        let index = Int(place)
        guard index + 1 < sorted.count else { return sorted[index] }
        return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
    }
}

extension FaceLandmarks {
    /// How far the nose is beside the line from eyes to mouth, in pixels.
    fileprivate var turn: Double {
        let eyes = leftEye.middle(to: rightEye)
        let mouth = leftMouth.middle(to: rightMouth)
        let (alongX, alongY) = (mouth.x - eyes.x, mouth.y - eyes.y)
        let (noseX, noseY) = (nose.x - middle.x, nose.y - middle.y)
        let length = (alongX * alongX + alongY * alongY).squareRoot()
        return length > 0 ? (noseX * alongY - noseY * alongX) / length : 0
    }
}
