import CFFmpeg

/// What a scaler has to know of the pictures it is fed; where it changes, another scaler is made.
struct PictureFormat: Hashable {
    /// Width of the picture that is stored.
    let width: Int
    /// Height of the picture that is stored.
    let height: Int
    /// Width of a stored pixel over its height.
    let aspect: Double
    /// FFmpeg's pixel format.
    let pixels: Int32
    /// FFmpeg's colour matrix, one that swscale has coefficients for.
    let matrix: UInt32
    /// Whether all 256 values are used, not just 16…235.
    let isFullRange: Bool

    init(_ picture: UnsafePointer<AVFrame>) {
        width = unsafe Int(picture.pointee.width)
        height = unsafe Int(picture.pointee.height)
        let aspect = unsafe picture.pointee.sample_aspect_ratio
        let ratio = aspect.den > 0 ? Double(aspect.num) / Double(aspect.den) : 0
        // Out of all reason is as good as not given.
        self.aspect = (0.1...10).contains(ratio) ? ratio : 1
        pixels = unsafe picture.pointee.format

        // Untagged video is BT.601 up to the height of standard definition, else BT.709.
        let space = unsafe picture.pointee.colorspace
        matrix =
            switch space {
            case AVCOL_SPC_UNSPECIFIED, AVCOL_SPC_RESERVED, AVCOL_SPC_RGB:
                height > 576 ? AVCOL_SPC_BT709.rawValue : AVCOL_SPC_SMPTE170M.rawValue
            default: space.rawValue
            }

        let range = unsafe picture.pointee.color_range
        let format = AVPixelFormat(pixels)
        let fullByName = [
            AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P,
            AV_PIX_FMT_YUVJ411P,
        ].contains(format)
        let fullByDefault = unsafe av_pix_fmt_desc_get(format).map { description in
            unsafe description.pointee.nb_components < 3
                || description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0
        }
        isFullRange =
            range == AVCOL_RANGE_JPEG || fullByName
            || range == AVCOL_RANGE_UNSPECIFIED && fullByDefault == true
    }
}
