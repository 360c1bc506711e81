/// Why a PNG file could not be read or written.
public enum PNGError: Error, Hashable, Sendable {
    /// The file cannot be opened, is no PNG, or is damaged; libpng's own words.
    case unreadable(path: String, reason: String)
    /// The picture is wider or higher than this project handles.
    case tooLarge(path: String, width: Int, height: Int, largestSide: Int)
    /// The file cannot be written; libpng's own words.
    case unwritable(path: String, reason: String)
}

extension PNGError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read the picture \(path): \(reason). Check that it is a whole PNG file."
        case .tooLarge(let path, let width, let height, let largestSide):
            "the picture \(path) is \(width)x\(height). Make it at most \(largestSide) a side."
        case .unwritable(let path, let reason):
            "cannot write the picture \(path): \(reason). "
                + "Check that the folder exists, may be written to, and has space left."
        }
    }
}
