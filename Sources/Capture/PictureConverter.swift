package import CFFmpeg
package import Media

/// Crops, scales, turns and recolours decoded pictures into ``VideoFrame``s of one size.
///
/// The format of the pictures may change at any time; crop and scaler follow.
package final class PictureConverter {
    private let input: VideoInput
    private let size: PictureSize
    private let crop: Crop?
    private let rotation: Rotation
    private var current: (format: PictureFormat, region: Region, scaler: Scaler)?

    package init(_ input: VideoInput, size: PictureSize, crop: Crop?, rotation: Rotation) {
        self.input = input
        self.size = size
        self.crop = crop
        self.rotation = rotation
    }

    /// Converts one picture.
    package func convert(
        _ picture: UnsafePointer<AVFrame>, time: MediaTime
    ) throws(CaptureError) -> VideoFrame {
        let format = unsafe PictureFormat(picture)
        let (region, scaler) = try prepared(for: format)
        var cropped = unsafe av_frame_clone(picture)
        defer { unsafe av_frame_free(&cropped) }
        guard let cropped = unsafe cropped else { throw unusable(format, "no memory is left") }
        unsafe cropped.pointee.crop_left = region.x
        unsafe cropped.pointee.crop_top = region.y
        unsafe cropped.pointee.crop_right = format.width - region.x - region.width
        unsafe cropped.pointee.crop_bottom = format.height - region.y - region.height
        guard unsafe av_frame_apply_cropping(cropped, Int32(AV_FRAME_CROP_UNALIGNED)) == 0
        else { throw unusable(format, "it cannot be cropped") }
        guard let planes = unsafe scaler.scale(cropped) else {
            throw unusable(format, "swscale failed")
        }
        let stored = storedSize
        guard
            let frame = VideoFrame(
                size: size, time: time,
                y: rotation.turn(planes.y, width: stored.width, height: stored.height),
                u: rotation.turn(planes.u, width: stored.width / 2, height: stored.height / 2),
                v: rotation.turn(planes.v, width: stored.width / 2, height: stored.height / 2))
        else { throw unusable(format, "a plane is missing") }
        return frame
    }

    /// The size before rotation.
    private var storedSize: PictureSize {
        guard rotation.swapsSides else { return size }
        return PictureSize(width: size.height, height: size.width) ?? size
    }

    private func prepared(for format: PictureFormat) throws(CaptureError) -> (Region, Scaler) {
        if let current, current.format == format { return (current.region, current.scaler) }
        guard format.width > 0, format.height > 0 else { throw unusable(format, "it is empty") }
        let description = unsafe av_pix_fmt_desc_get(AVPixelFormat(format.pixels))
        let packed = UInt64(AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL)
        guard sws_isSupportedInput(AVPixelFormat(format.pixels)) > 0,
            let description = unsafe description, unsafe description.pointee.flags & packed == 0
        else { throw unusable(format, "its pixel format cannot be read") }

        let region: Region
        if let crop {
            guard let inside = Region(crop, in: format.width, format.height, rotation: rotation)
            else {
                let turned = rotation.swapsSides
                throw .cropOutside(
                    input, crop, width: turned ? format.height : format.width,
                    height: turned ? format.width : format.height)
            }
            region = inside
        } else {
            region = Region(
                centredIn: format.width, format.height, aspect: format.aspect, shape: storedSize)
        }
        guard let scaler = Scaler(region, of: format, to: storedSize) else {
            throw unusable(format, "swscale cannot scale it to \(size)")
        }
        current = (format, region, scaler)
        return (region, scaler)
    }

    private func unusable(_ format: PictureFormat, _ reason: String) -> CaptureError {
        .unusablePicture(input, width: format.width, height: format.height, reason: reason)
    }
}
