import CFFmpeg
import Media

/// The one owner of a swscale context and of the picture that it writes.
@safe final class Scaler {
    private let context: UnsafeMutableRawPointer
    private let output: UnsafeMutablePointer<AVFrame>

    /// Makes a scaler from a region of pictures of a format, or nothing where swscale has none.
    init?(_ region: Region, of format: PictureFormat, to size: PictureSize) {
        // Averaging areas keeps what bicubic would skip; it can only make pictures smaller.
        let shrinks = region.width >= size.width && region.height >= size.height
        let filter = shrinks ? SWS_AREA : SWS_BICUBIC
        guard
            let context = unsafe cffmpeg_scaler(
                Int32(region.width), Int32(region.height), format.pixels,
                AVColorSpace(format.matrix), format.isFullRange ? 1 : 0, Int32(size.width),
                Int32(size.height), filter | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT)
        else { return nil }
        var output = unsafe av_frame_alloc()
        unsafe output?.pointee.width = Int32(size.width)
        unsafe output?.pointee.height = Int32(size.height)
        unsafe output?.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        guard let allocated = unsafe output, unsafe av_frame_get_buffer(allocated, 0) == 0 else {
            unsafe cffmpeg_scaler_free(context)
            unsafe av_frame_free(&output)
            return nil
        }
        unsafe self.context = unsafe context
        unsafe self.output = unsafe allocated
    }

    deinit {
        unsafe cffmpeg_scaler_free(context)
        var output: UnsafeMutablePointer<AVFrame>? = unsafe self.output
        unsafe av_frame_free(&output)
    }

    /// Scales a picture that was cropped to the region; its planes, or nothing where swscale fails.
    func scale(_ picture: UnsafePointer<AVFrame>) -> (y: [UInt8], u: [UInt8], v: [UInt8])? {
        guard unsafe cffmpeg_scale(context, picture, output) > 0 else { return nil }
        let (width, height) = unsafe (Int(output.pointee.width), Int(output.pointee.height))
        let (planes, strides) = unsafe (output.pointee.data, output.pointee.linesize)
        return unsafe (
            rows(planes.0, stride: strides.0, width, height),
            rows(planes.1, stride: strides.1, width / 2, height / 2),
            rows(planes.2, stride: strides.2, width / 2, height / 2)
        )
    }

    private func rows(
        _ first: UnsafeMutablePointer<UInt8>?, stride: Int32, _ width: Int, _ height: Int
    ) -> [UInt8] {
        guard let first = unsafe first else { return [] }
        var bytes = [UInt8]()
        bytes.reserveCapacity(width * height)
        for row in 0..<height {
            unsafe bytes.append(
                contentsOf: UnsafeBufferPointer(start: first + row * Int(stride), count: width))
        }
        return bytes
    }
}
