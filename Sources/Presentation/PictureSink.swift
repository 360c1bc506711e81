public import Media

/// Where rebuilt pictures go.
///
/// Sinks are driven by one task at a time, in the order of the pictures' times.
public protocol PictureSink: AnyObject {
    /// Shows or stores a picture; does nothing once ``isClosed``.
    ///
    /// - Throws: ``PresentationError`` where it cannot be stored; the sink is of no more use then.
    func show(_ frame: VideoFrame) throws(PresentationError)

    /// Brings everything to its place (the end of a file, the last buffered bytes) and lets go of it.
    ///
    /// Calling it again does nothing.
    func finish() throws(PresentationError)

    /// Whether nobody looks any more: the window was closed, or the reader of the pipe has gone.
    var isClosed: Bool { get }
}
