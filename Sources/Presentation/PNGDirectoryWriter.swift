import Glibc
public import Media
import PNG

/// Writes pictures to a folder as `000000.png`, `000001.png` and so on, one for each that is shown.
///
/// Files of these names are written over; all else in the folder stays as it is.
public final class PNGDirectoryWriter: PictureSink {
    /// Always false: a folder has no one to close it.
    public let isClosed = false

    private let path: String
    private var count = 0

    /// Makes the folder where it is missing; the one around it must exist.
    ///
    /// - Throws: ``PresentationError/unwritable(path:reason:)``.
    public init(path: String) throws(PresentationError) {
        self.path = path
        if unsafe mkdir(path, 0o777) != 0, errno != EEXIST {
            throw .unwritable(path: path, reason: unsafe String(cString: strerror(errno)))
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .unwritable(path: path, reason: "it is a file, not a folder")
        }
        guard unsafe access(path, W_OK | X_OK) == 0 else {
            throw .unwritable(path: path, reason: unsafe String(cString: strerror(errno)))
        }
    }

    /// Writes a picture of any size.
    ///
    /// - Throws: ``PresentationError/picture(_:)``, for example on a full disk.
    public func show(_ frame: VideoFrame) throws(PresentationError) {
        let digits = String(count)
        let name = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        do {
            try PNGFile.write(RGBImage(frame), to: "\(path)/\(name).png", isLive: true)
        } catch {
            throw .picture(error)
        }
        count += 1
    }

    /// Does nothing more: each file is whole once its picture was shown.
    public func finish() {}
}
