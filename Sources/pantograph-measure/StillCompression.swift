import AV1
import Media
import VP8
import VideoCoding

/// How sources are compressed for ``ClipRebuilder``.
enum StillCompression {
    /// As in calls: an AV1 still picture of this quantiser.
    case av1(Int)
    /// A VP8 key frame of this quantiser, to compare.
    case vp8(Int)

    /// A picture after coding and decoding.
    func apply(to picture: VideoFrame) throws(CodecError) -> VideoFrame {
        switch self {
        case .av1(let quantizer):
            let bytes = try AV1StillEncoder().encode(picture, quantizer: quantizer)
            return try AV1StillDecoder().decode(bytes, largest: picture.size)
        case .vp8(let quantizer):
            let bytes = try VP8StillEncoder().encode(picture, quantizer: quantizer)
            return try VP8StillDecoder().decode(bytes, largest: picture.size)
        }
    }
}
