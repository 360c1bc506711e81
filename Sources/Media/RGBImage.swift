/// A picture as packed 8-bit RGB.
public struct RGBImage: Hashable, Sendable {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// `height` rows of `width` pixels of three bytes: red, green, blue.
    public var pixels: [UInt8]

    /// Makes a picture, or nothing where a side is not positive or the byte count is not `width * height * 3`.
    public init?(width: Int, height: Int, pixels: [UInt8]) {
        guard
            width > 0, height > 0, width <= PictureSize.largestSide,
            height <= PictureSize.largestSide, pixels.count == width * height * 3
        else { return nil }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Makes a picture of one colour.
    public init(size: PictureSize, red: UInt8, green: UInt8, blue: UInt8) {
        width = size.width
        height = size.height
        var pixels = [UInt8]()
        pixels.reserveCapacity(width * height * 3)
        for _ in 0..<width * height { pixels += [red, green, blue] }
        self.pixels = pixels
    }
}
