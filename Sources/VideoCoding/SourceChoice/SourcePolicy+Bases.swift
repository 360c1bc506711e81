public import Media

/// What a new source may be predicted from.
extension SourcePolicy {
    /// The sources in use from which a remembered picture, or nothing but the newest, is to be predicted: the one of the
    /// nearest pose, and the newest. At most two, since each one tried takes an encoder's time.
    public func bases(for picture: PictureNumber?) -> [SourceIdentifier] {
        let held = known.filter { current.contains($0.identifier) && !$0.isCoarse }
        let keypoints =
            memories.last { $0.look.picture == picture }?.look.keypoints
            ?? known.last { $0.picture != nil && $0.picture == picture }?.keypoints
        let nearest = keypoints.flatMap { pose in
            held.min { spread(pose, $0.keypoints) < spread(pose, $1.keypoints) }
        }
        let newest = held.max { $0.identifier < $1.identifier }
        return Set([nearest, newest].compactMap { $0?.identifier }).sorted()
    }
}
