import Media
import TestSupport
import VideoCoding

/// Both halves of a codec without a network.
enum StubCodec {
    static func encoder() -> VideoEncoder {
        VideoEncoder(
            detector: StubDetector(), stillEncoder: StubStillCodec(),
            stillDecoder: StubStillCodec(), configuration: VideoEncoder.Configuration())
    }

    static func decoder() -> VideoDecoder {
        VideoDecoder(
            generator: StubGenerator(), stillDecoder: StubStillCodec(),
            size: SyntheticPictures.size, keypointCount: Keypoints.standardCount)
    }
}
