public import PNG

/// Why pictures could not be taken from an input.
public enum CaptureError: Error, Hashable, Sendable {
    /// The input cannot be opened, or is nothing that FFmpeg's libraries know.
    case unopenable(VideoInput, reason: String)
    /// This build of FFmpeg's libraries has no demuxer or device of that name.
    case unknownFormat(VideoInput, format: String)
    /// The input was read, but there is no video in it.
    case noVideo(VideoInput)
    /// There is video, in a codec that FFmpeg's libraries here cannot decode.
    case unsupportedCodec(VideoInput, codec: String)
    /// The input ended, and none of its pictures could be decoded.
    case noPictures(VideoInput)
    /// The square reaches over the edge of the picture.
    case cropOutside(VideoInput, Crop, width: Int, height: Int)
    /// A picture was decoded, but cannot be converted.
    case unusablePicture(VideoInput, width: Int, height: Int, reason: String)
    /// The microphone or sound file cannot be opened.
    case unopenableSound(VideoInput, reason: String)
    /// The input was read, but there is no sound in it.
    case noSound(VideoInput)
    /// Reading failed after the start.
    case readFailed(VideoInput, reason: String)
    /// ``Interruption/request()`` was called while the input was being opened.
    case interrupted(VideoInput)
    /// The folder cannot be listed.
    case unreadableFolder(path: String, reason: String)
    /// The folder holds too few or too many PNG pictures.
    case pictureCount(path: String, found: Int, allowed: ClosedRange<Int>)
    /// A picture of the folder cannot be read.
    case picture(PNGError)
}

extension CaptureError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unopenable(let input, let reason):
            "cannot open \(input): \(reason). Give a video file, - for standard input, "
                + "or a camera such as /dev/video0."
        case .unknownFormat(let input, let format):
            "cannot open \(input): the installed FFmpeg libraries do not know the format "
                + "\(format). `ffmpeg -demuxers` and `ffmpeg -devices` list what they know."
        case .noVideo(let input):
            "there is no video in \(input). Give a file that has a video stream."
        case .unsupportedCodec(let input, let codec):
            "the installed FFmpeg libraries cannot decode \(codec), which \(input) is coded in. "
                + "Convert it, for example to H.264, or install a full build of FFmpeg."
        case .noPictures(let input):
            "no picture of \(input) could be decoded: it is cut off or damaged, or it is a file "
                + "with its index at the end (MP4) in a pipe, which must be given by name instead."
        case .cropOutside(let input, let crop, let width, let height):
            "the crop \(crop) (x,y,side) reaches outside the \(width)x\(height) picture of "
                + "\(input). Choose x + side up to \(width) and y + side up to \(height)."
        case .unopenableSound(let input, let reason):
            "cannot open \(input) for its sound: \(reason). Give microphone, a sound or video file, "
                + "or a device such as hw:1 with --sound-format alsa, or none."
        case .noSound(let input):
            "there is no sound in \(input). Give a file that has some, microphone, or none."
        case .unusablePicture(let input, let width, let height, let reason):
            "cannot convert a \(width)x\(height) picture of \(input): \(reason). "
                + "Convert the file to yuv420p first."
        case .readFailed(let input, let reason):
            "cannot read on from \(input): \(reason). Check the device or disk."
        case .interrupted(let input):
            "interrupted while opening \(input)"
        case .unreadableFolder(let path, let reason):
            "cannot list the folder \(path): \(reason). Give a folder of PNG pictures."
        case .pictureCount(let path, let found, let allowed):
            "\(path) holds \(found) PNG pictures. "
                + "Put \(allowed.lowerBound) to \(allowed.upperBound) there."
        case .picture(let error):
            error.description
        }
    }
}
