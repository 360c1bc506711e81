import CVPX
import Media
import VideoCoding

/// One picture in, one packet out.
extension CodecContext {
    /// Codes a picture of the size that the context was opened with.
    ///
    /// - Parameters:
    ///   - place: counts up from picture to picture, in units of the context's time base.
    ///   - flags: libvpx's, for this picture.
    ///   - deadline: how long libvpx may search, in its own terms.
    /// - Throws: ``CodecError/backend(_:)`` with libvpx's words.
    func encode(
        _ frame: VideoFrame, at place: Int, flags: Int, deadline: Int32
    ) throws(CodecError) -> [UInt8] {
        // Three planes one after another is the layout that `vpx_img_wrap` expects.
        var planes = frame.y + frame.u + frame.v
        let failure = unsafe planes.withUnsafeMutableBufferPointer { buffer -> String? in
            var image = unsafe vpx_image_t()
            guard
                unsafe vpx_img_wrap(
                    &image, VPX_IMG_FMT_I420, UInt32(frame.size.width), UInt32(frame.size.height),
                    1,
                    buffer.baseAddress) != nil
            else { return "libvpx cannot describe a picture of \(frame.size)" }
            let status = unsafe vpx_codec_encode(
                codec, &image, Int64(place), 1, vpx_enc_frame_flags_t(flags), UInt(deadline))
            return status == VPX_CODEC_OK ? nil : lastWords
        }
        if let failure { throw .backend(failure) }
        return try packet()
    }

    private func packet() throws(CodecError) -> [UInt8] {
        var position: vpx_codec_iter_t?
        while let packet = unsafe vpx_codec_get_cx_data(codec, &position) {
            guard unsafe packet.pointee.kind == VPX_CODEC_CX_FRAME_PKT,
                let bytes = unsafe packet.pointee.data.frame.buf
            else { continue }
            return unsafe [UInt8](
                UnsafeRawBufferPointer(start: bytes, count: packet.pointee.data.frame.sz))
        }
        throw .backend("libvpx gave no picture")
    }
}
