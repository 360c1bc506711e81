import KeypointCoding
public import Media

/// The receiver's network, run by the sender: what the receiver shows, from coded sources and coded
/// keypoints.
///
/// Not for several tasks at once.
public final class Rehearsal {
    private let generator: any PictureGenerator
    private var sources: [SourceIdentifier: EncodedSource] = [:]

    /// Rehearses with a generator of its own: nobody else may use it.
    public init(generator: any PictureGenerator) { self.generator = generator }

    /// Takes in a source that the receiver has, or will have.
    public func insert(_ source: EncodedSource) {
        generator.remove(source.coded.identifier)
        sources[source.coded.identifier] = source
    }

    /// Forgets a source that is given up.
    public func remove(_ identifier: SourceIdentifier) {
        sources[identifier] = nil
        generator.remove(identifier)
    }

    /// What the receiver shows for coded keypoints.
    ///
    /// - Parameter set: the sources it warps.
    /// - Returns: nothing where one of them was never inserted.
    public func picture(
        _ keypoints: Keypoints, from set: [SourceIdentifier], time: MediaTime
    ) throws(CodecError) -> VideoFrame? {
        guard !set.isEmpty, set.allSatisfy({ sources[$0] != nil }) else { return nil }
        for identifier in generator.sources where !set.contains(identifier) {
            generator.remove(identifier)
        }
        let held = generator.sources
        for identifier in set where !held.contains(identifier) {
            guard let source = sources[identifier] else { return nil }
            try generator.insert(
                source.picture, keypoints: source.state.keypoints, as: identifier)
        }
        return try generator.generate(keypoints, time: time)
    }
}
