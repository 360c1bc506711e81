public import Media
public import PNG

/// Why pictures could not be shown or stored.
public enum PresentationError: Error, Hashable, Sendable {
    /// No container that holds I420 video goes by that file name.
    case unknownContainer(path: String)
    /// The container is known, but an encoder for it is missing or refuses the pictures.
    case noEncoder(path: String, codec: String, reason: String)
    /// The file or folder cannot be made.
    case unwritable(path: String, reason: String)
    /// Writing failed after the start.
    case writeFailed(path: String, reason: String)
    /// The picture is not of the size that the sink was made for.
    case wrongSize(expected: PictureSize, found: PictureSize)
    /// A picture of a folder cannot be written.
    case picture(PNGError)
    /// The kind of file has no place for sound, or no encoder for it is installed.
    case noSound(path: String)
    /// There is no speaker to be had; SDL's own words.
    case noSpeaker(reason: String)
    /// There is no window to be had; SDL's own words.
    case noWindow(reason: String)
}

extension PresentationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownContainer(let path):
            "cannot tell what kind of video \(path) is to be. "
                + "Give a name that ends in .mkv, .mp4, .webm, .avi, .mov or .y4m, "
                + "- for y4m on standard output, or a folder for PNG pictures."
        case .noEncoder(let path, let codec, let reason):
            "cannot encode \(codec) for \(path): \(reason). "
                + "Install FFmpeg's libraries with libx264, or choose another ending, such as .y4m."
        case .unwritable(let path, let reason):
            "cannot write \(path): \(reason). "
                + "Check that its folder exists, may be written to, and has space left."
        case .writeFailed(let path, let reason):
            "cannot write on to \(path): \(reason). What was written so far is kept; "
                + "make room, or choose another place."
        case .wrongSize(let expected, let found):
            "a picture of \(found) came where \(expected) was expected"
        case .picture(let error):
            error.description
        case .noSound(let path):
            "\(path) has no place for sound. Give a name that ends in .mkv, .mp4, .webm, .avi or .mov."
        case .noSpeaker(let reason):
            "cannot play sound: \(reason). Check the speaker, or set SDL_AUDIODRIVER."
        case .noWindow(let reason):
            "cannot open a window: \(reason). Set DISPLAY or WAYLAND_DISPLAY to a running display, "
                + "or give a file name or - instead of window."
        }
    }
}
