import CPNG
public import Media

/// Pictures as PNG files, over libpng.
public enum PNGFile {
    /// Reads a PNG file of any colour type and depth as 8-bit RGB, transparent parts over black.
    ///
    /// - Throws: ``PNGError/unreadable(path:reason:)`` for what is no whole PNG file, and
    ///   ``PNGError/tooLarge(path:width:height:largestSide:)`` before memory is taken for the pixels.
    public static func read(_ path: String) throws(PNGError) -> RGBImage {
        var image = unsafe png_image()
        // Also after success: freeing twice is harmless, leaking is not.
        defer { unsafe png_image_free(&image) }
        guard unsafe cpng_begin_read(&image, path) != 0 else {
            throw .unreadable(path: path, reason: unsafe message(of: &image))
        }
        let (width, height) = unsafe (Int(image.width), Int(image.height))
        let largestSide = PictureSize.largestSide
        guard width <= largestSide, height <= largestSide else {
            throw .tooLarge(path: path, width: width, height: height, largestSide: largestSide)
        }
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        let finished = unsafe pixels.withUnsafeMutableBufferPointer { buffer in
            unsafe cpng_finish_read(&image, buffer.baseAddress)
        }
        guard finished != 0 else {
            throw .unreadable(path: path, reason: unsafe message(of: &image))
        }
        guard let picture = RGBImage(width: width, height: height, pixels: pixels) else {
            throw .unreadable(path: path, reason: "a picture of \(width)x\(height)")
        }
        return picture
    }

    /// Writes a picture as an 8-bit RGB file, over what is there; no half file stays where it fails.
    ///
    /// - Parameters:
    ///   - picture: what to write.
    ///   - path: where to.
    ///   - isLive: whether time matters more than bytes: less is tried to make the file small.
    /// - Throws: ``PNGError/unwritable(path:reason:)``.
    public static func write(
        _ picture: RGBImage, to path: String, isLive: Bool = false
    ) throws(PNGError) {
        var image = unsafe png_image()
        defer { unsafe png_image_free(&image) }
        let written = unsafe picture.pixels.withUnsafeBufferPointer { buffer in
            unsafe cpng_write(
                &image, path, UInt32(picture.width), UInt32(picture.height), buffer.baseAddress,
                isLive ? 1 : 0)
        }
        guard written != 0 else {
            throw .unwritable(path: path, reason: unsafe message(of: &image))
        }
    }

    private static func message(of image: UnsafePointer<png_image>) -> String {
        unsafe String(cString: cpng_message(image))
    }
}
