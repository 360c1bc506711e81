import Glibc
public import Media

/// Where a program was told to put pictures.
public enum PictureOutput: Hashable, Sendable {
    /// YUV4MPEG2 on standard output.
    case standardOutput
    /// A window.
    case window
    /// A folder of PNG pictures.
    case directory(path: String)
    /// A video file.
    case file(path: String)

    /// Reads an output as on a command line: `-`, `window`, a folder (one that exists, or a name that
    /// ends in `/`), else a file.
    public init(_ name: String) {
        var status = stat()
        switch name {
        case "-": self = .standardOutput
        case "window": self = .window
        case _ where name.hasSuffix("/"): self = .directory(path: name)
        case _ where unsafe stat(name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR:
            self = .directory(path: name)
        default: self = .file(path: name)
        }
    }

    /// Opens the output.
    ///
    /// - Parameters:
    ///   - size: the size of every picture.
    ///   - rate: what picture times are rounded to.
    ///   - title: of the window, if it is one.
    public func open(
        size: PictureSize = .standard, rate: PictureRate = .standard, title: String = "Pantograph"
    ) throws(PresentationError) -> any PictureSink {
        switch self {
        case .standardOutput: Y4MWriter(size: size, rate: rate)
        case .window: try WindowPresenter(title: title, size: size)
        case .directory(let path): try PNGDirectoryWriter(path: path)
        case .file(let path): try VideoFileWriter(path: path, size: size, rate: rate)
        }
    }
}
