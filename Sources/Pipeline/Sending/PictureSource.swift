public import Media

/// Where pictures come from: a file, a pipe, a camera, the rendered head.
public protocol PictureSource: AnyObject {
    /// Whether pictures come in their own time and must not be waited for.
    var isLive: Bool { get }
    /// How many pictures there will be, where that is known.
    var expectedCount: Int? { get }
    /// The next picture, cropped, scaled and in the call's rate; nothing at the end. May block.
    func next() throws -> VideoFrame?
}
