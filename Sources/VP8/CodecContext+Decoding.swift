import CVPX
import Media
import VideoCoding

/// One packet in, one picture out.
extension CodecContext {
    /// Decodes a frame whose header was checked; its picture must have this size.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)``; what the context holds is then of no more use.
    func decode(_ bytes: [UInt8], size: PictureSize) throws(CodecError) -> VideoFrame {
        let status = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe vpx_codec_decode(codec, buffer.baseAddress, UInt32(buffer.count), nil, 0)
        }
        guard status == VPX_CODEC_OK else { throw .corrupt(reason: lastWords) }
        var position: vpx_codec_iter_t?
        guard let image = unsafe vpx_codec_get_frame(codec, &position) else {
            throw .corrupt(reason: "the frame holds no picture")
        }
        // Where a partition ends early libvpx reads zeros for the rest and only leaves this mark.
        var corrupted: Int32 = 0
        guard unsafe cvpx_frame_corrupted(codec, &corrupted) == VPX_CODEC_OK, corrupted == 0
        else {
            throw .corrupt(reason: "a partition is cut off")
        }
        guard unsafe image.pointee.fmt == VPX_IMG_FMT_I420,
            unsafe image.pointee.d_w == size.width, unsafe image.pointee.d_h == size.height
        else { throw .corrupt(reason: "the picture is not of the size that its header gives") }
        let planes = unsafe (image.pointee.planes, image.pointee.stride)
        guard
            let frame = VideoFrame(
                size: size, time: .zero,
                y: unsafe plane(planes.0.0, stride: planes.1.0, size.width, size.height),
                u: unsafe plane(planes.0.1, stride: planes.1.1, size.width / 2, size.height / 2),
                v: unsafe plane(planes.0.2, stride: planes.1.2, size.width / 2, size.height / 2))
        else { throw .corrupt(reason: "a plane is missing") }
        return frame
    }

    /// Copies a plane without its padding; empty where there is none.
    private func plane(
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
