import Media
import Testing

/// A picture by formula; the comment in each test gives the same in Python.
func picture(width: Int, height: Int, step: Int, shift: Int) throws -> RGBImage {
    var pixels = [UInt8]()
    for y in 0..<height {
        for x in 0..<width {
            for c in 0..<3 {
                let value = (x * x / 7 + y * (c + 3) + (x * y) / 5 * step + shift * c) % 256
                pixels.append(UInt8(value))
            }
        }
    }
    return try #require(RGBImage(width: width, height: height, pixels: pixels))
}
