import KeypointCoding
import Media
import TestSupport
import VideoCoding

/// Both halves of a codec without a network.
enum StubCodec {
    static func encoder() throws -> VideoEncoder {
        VideoEncoder(
            detector: StubDetector(), stillEncoder: StubStillCodec(),
            stillDecoder: StubStillCodec(),
            keypointEncoder: try KeypointEncoder(ShippedTables.read()))
    }

    static func decoder() throws -> VideoDecoder {
        VideoDecoder(
            generator: StubGenerator(), stillDecoder: StubStillCodec(),
            keypointDecoder: KeypointDecoder(try ShippedTables.read()), size: SyntheticPictures.size
        )
    }
}
