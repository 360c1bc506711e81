import CVPX
import Media
import VideoCoding

/// A libvpx VP8 decoder for one picture.
struct DecoderContext: ~Copyable {
    private let context: CodecContext

    /// Opens a decoder that takes its size from the first frame.
    init() throws(CodecError) {
        var configuration = vpx_codec_dec_cfg_t(threads: 1, w: 0, h: 0)
        let context = CodecContext()
        guard unsafe cvpx_decoder_init(context.codec, &configuration) == VPX_CODEC_OK else {
            throw .backend(context.lastWords)
        }
        self.context = context
    }

    /// Decodes a frame whose header was found to be that of a key frame of this size.
    func decodeKeyFrame(_ bytes: [UInt8], size: PictureSize) throws(CodecError) -> VideoFrame {
        let status = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe vpx_codec_decode(context.codec, buffer.baseAddress, UInt32(buffer.count), nil, 0)
        }
        guard status == VPX_CODEC_OK else { throw .corrupt(reason: context.lastWords) }
        var position: vpx_codec_iter_t?
        guard let image = unsafe vpx_codec_get_frame(context.codec, &position) else {
            throw .corrupt(reason: "the frame holds no picture")
        }
        // Where a partition ends early libvpx reads zeros for the rest and only leaves this mark.
        var corrupted: Int32 = 0
        guard unsafe cvpx_frame_corrupted(context.codec, &corrupted) == VPX_CODEC_OK, corrupted == 0
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
