import CDav1d
import Media
import VideoCoding

/// The one owner of a dav1d decoder.
@safe struct Dav1dContext: ~Copyable {
    @unsafe private let context: OpaquePointer

    /// Opens a decoder that refuses pictures of more pixels than `largest` has.
    init(largest: PictureSize) throws(CodecError) {
        var settings = unsafe Dav1dSettings()
        unsafe cdav1d_still_settings(&settings, UInt32(largest.width * largest.height))
        var context: OpaquePointer?
        let status = unsafe dav1d_open(&context, &settings)
        guard status == 0, let opened = unsafe context else {
            throw .backend("dav1d does not open: error \(-status)")
        }
        unsafe self.context = opened
    }

    deinit {
        var context: OpaquePointer? = unsafe context
        unsafe dav1d_close(&context)
    }

    /// Decodes the next frame, which must be of this size.
    func decode(_ bytes: [UInt8], size: PictureSize) throws(CodecError) -> VideoFrame {
        try send(bytes)
        var picture = unsafe Dav1dPicture()
        let status = unsafe dav1d_get_picture(context, &picture)
        guard status == 0 else {
            throw .corrupt(reason: "dav1d gives no picture: error \(-status)")
        }
        defer { unsafe dav1d_picture_unref(&picture) }
        guard unsafe picture.p.layout == DAV1D_PIXEL_LAYOUT_I420, unsafe picture.p.bpc == 8,
            unsafe picture.p.w == size.width, unsafe picture.p.h == size.height
        else { throw .corrupt(reason: "the picture is not what its header says") }
        let (luma, chroma) = unsafe picture.stride
        guard
            let frame = VideoFrame(
                size: size, time: .zero,
                y: unsafe plane(picture.data.0, stride: luma, size.width, size.height),
                u: unsafe plane(picture.data.1, stride: chroma, size.width / 2, size.height / 2),
                v: unsafe plane(picture.data.2, stride: chroma, size.width / 2, size.height / 2))
        else { throw .corrupt(reason: "a plane is missing") }
        return frame
    }

    /// Gives the decoder a copy of `bytes`.
    private func send(_ bytes: [UInt8]) throws(CodecError) {
        var data = unsafe Dav1dData()
        guard let place = unsafe dav1d_data_create(&data, bytes.count) else {
            throw .backend("dav1d has no memory for \(bytes.count) bytes")
        }
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return }
            unsafe place.update(from: first, count: buffer.count)
        }
        let status = unsafe dav1d_send_data(context, &data)
        // What it did not take is still ours.
        unsafe dav1d_data_unref(&data)
        guard status == 0 else { throw .corrupt(reason: "dav1d refuses it: error \(-status)") }
    }

    /// Copies a plane without its padding; empty where there is none.
    private func plane(
        _ first: UnsafeMutableRawPointer?, stride: Int, _ width: Int, _ height: Int
    ) -> [UInt8] {
        guard let first = unsafe first else { return [] }
        var bytes = [UInt8]()
        bytes.reserveCapacity(width * height)
        for row in 0..<height {
            unsafe bytes.append(
                contentsOf: UnsafeRawBufferPointer(start: first + row * stride, count: width))
        }
        return bytes
    }
}
