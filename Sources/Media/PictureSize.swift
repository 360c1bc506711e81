/// Width and height of a picture in pixels, both positive and even, as 4:2:0 chroma needs them.
public struct PictureSize: Hashable, Sendable {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int

    /// The largest width or height this project handles; larger values from outside are refused early.
    public static let largestSide = 8192

    /// The size that the shipped network works at.
    public static let standard = PictureSize(uncheckedWidth: 256, height: 256)

    /// Makes a size, or nothing where a side is odd, not positive or over ``largestSide``.
    public init?(width: Int, height: Int) {
        guard
            (2...Self.largestSide).contains(width), (2...Self.largestSide).contains(height),
            width.isMultiple(of: 2), height.isMultiple(of: 2)
        else { return nil }
        self.width = width
        self.height = height
    }

    private init(uncheckedWidth width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

extension PictureSize: CustomStringConvertible {
    public var description: String { "\(width)x\(height)" }
}
