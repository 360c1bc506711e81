public import Media

/// Codes a stream of pictures, each predicted only from what the receiver is known to hold.
///
/// Drive it so: ``encode(_:number:quantizer:)`` pictures, and tell what became of the anchors among them. One
/// anchor at a time is in flight; pictures meanwhile are leaves.
public protocol PictureStreamEncoder: AnyObject {
    /// Codes a picture: a key picture where the receiver holds none, else an anchor where none is in
    /// flight, else a leaf.
    ///
    /// - Parameter quantizer: 0 (finest) … 63 (coarsest), as libvpx counts.
    /// - Returns: nothing while the first key picture is in flight.
    /// - Throws: ``CodecError``; the stream then begins anew with the next picture.
    func encode(
        _ frame: VideoFrame, number: PictureNumber, quantizer: Int
    ) throws(CodecError) -> StreamPicture?

    /// The picture that was coded last, as the receiver will decode it.
    var latest: VideoFrame? { get }

    /// The receiver holds this anchor.
    func acknowledge(_ anchor: PictureNumber)

    /// The receiver will not hold this anchor.
    func lose(_ anchor: PictureNumber)

    /// The receiver holds nothing: the next picture is a key picture.
    func reset()
}

/// Decodes such a stream.
public protocol PictureStreamDecoder: AnyObject {
    /// Decodes a picture whose reference was decoded before; `picture` comes from the network and may hold
    /// anything.
    ///
    /// - Parameter largest: the widest and highest picture to accept.
    /// - Throws: ``CodecError``; nothing is held then until the next key picture.
    func decode(_ picture: StreamPicture, largest: PictureSize) throws(CodecError) -> VideoFrame
}
