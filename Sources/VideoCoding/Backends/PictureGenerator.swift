public import Media

/// Rebuilds pictures from keypoints by implicit warping over a set of source images
/// (receiver's side of the network; Mallya, Wang, Liu, NeurIPS 2022, section 3).
public protocol PictureGenerator: AnyObject {
    /// The most sources that can be held at once.
    var largestSourceCount: Int { get }

    /// The identifiers of the sources that are held, ascending.
    var sources: [SourceIdentifier] { get }

    /// Encodes a source (keys, values, features) and keeps it until it is removed.
    ///
    /// Inserting an identifier that is held replaces that source.
    /// - Throws: ``CodecError/sourceCount(_:)`` when the set is full.
    func insert(
        _ picture: VideoFrame, keypoints: Keypoints, as identifier: SourceIdentifier
    ) throws(CodecError)

    /// Forgets a source; nothing happens where it is not held.
    func remove(_ identifier: SourceIdentifier)

    /// Warps all held sources at once to these keypoints.
    ///
    /// - Throws: ``CodecError/sourceCount(_:)`` when no source is held.
    func generate(_ keypoints: Keypoints, time: MediaTime) throws(CodecError) -> VideoFrame
}
