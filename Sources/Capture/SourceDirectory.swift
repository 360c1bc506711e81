import CFFmpeg
import Glibc
public import Media
import PNG

/// A folder of PNG pictures that serve as source images.
public enum SourceDirectory {
    /// How many pictures a source set may have.
    public static let allowedCount = 1...8

    /// The `*.png` of a folder, by name, each cropped to the centred part with the shape of `size`
    /// and scaled to it; all times are zero.
    ///
    /// - Throws: ``CaptureError`` for a folder that cannot be listed, holds no or more than eight
    ///   pictures, or a broken one.
    public static func pictures(
        in path: String, size: PictureSize = .standard
    ) throws(CaptureError) -> [VideoFrame] {
        let names = try list(path).filter { $0.lowercased().hasSuffix(".png") && $0.first != "." }
        guard allowedCount.contains(names.count) else {
            throw .pictureCount(path: path, found: names.count, allowed: allowedCount)
        }
        var frames = [VideoFrame]()
        for name in names.sorted() { frames.append(try picture("\(path)/\(name)", size: size)) }
        return frames
    }

    /// One PNG picture, cropped and scaled as those of a folder.
    public static func picture(
        _ path: String, size: PictureSize = .standard
    ) throws(CaptureError) -> VideoFrame {
        let image: RGBImage
        do {
            image = try PNGFile.read(path)
        } catch {
            throw .picture(error)
        }
        let input = VideoInput(path)
        var picture = unsafe av_frame_alloc()
        defer { unsafe av_frame_free(&picture) }
        unsafe picture?.pointee.width = Int32(image.width)
        unsafe picture?.pointee.height = Int32(image.height)
        unsafe picture?.pointee.format = AV_PIX_FMT_RGB24.rawValue
        guard let picture = unsafe picture, unsafe av_frame_get_buffer(picture, 0) == 0,
            let first = unsafe picture.pointee.data.0
        else {
            throw .unusablePicture(
                input, width: image.width, height: image.height, reason: "no memory is left")
        }
        let stride = unsafe Int(picture.pointee.linesize.0)
        unsafe image.pixels.withUnsafeBufferPointer { pixels in
            guard let pixels = pixels.baseAddress else { return }
            for row in 0..<image.height {
                unsafe (first + row * stride).update(
                    from: pixels + row * image.width * 3, count: image.width * 3)
            }
        }
        let converter = PictureConverter(input, size: size, crop: nil, rotation: .none)
        return try unsafe converter.convert(picture, time: .zero)
    }

    private static func list(_ path: String) throws(CaptureError) -> [String] {
        guard let folder = unsafe opendir(path) else {
            throw .unreadableFolder(path: path, reason: ffmpegReason(cffmpeg_error(errno)))
        }
        defer { unsafe closedir(folder) }
        var names = [String]()
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            names.append(name)
        }
        return names
    }
}
