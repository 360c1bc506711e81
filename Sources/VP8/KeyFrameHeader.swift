import Media
import VideoCoding

/// The uncompressed header of a VP8 key frame (RFC 6386, section 9.1), checked.
struct KeyFrameHeader: Hashable {
    /// Tag (3 bytes), start code (3), dimensions (4).
    static let byteCount = 10

    /// Width and height of the picture; the bits that ask for upscaling on display do not count.
    let size: PictureSize

    /// How many bytes of the first partition (modes, probabilities) follow the header.
    let firstPartitionByteCount: Int

    /// Reads the header of a frame that may be anything.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)`` for what is no key frame to be shown, of an even
    ///   size, with its whole first partition.
    init(_ bytes: [UInt8]) throws(CodecError) {
        guard bytes.count > Self.byteCount else {
            throw .corrupt(reason: "\(bytes.count) bytes are too few for a key frame")
        }
        let tag = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
        // The lowest bit of the tag is 0 for key frames.
        guard tag & 1 == 0 else { throw .corrupt(reason: "not a key frame") }
        let version = tag >> 1 & 7
        guard version <= 3 else { throw .corrupt(reason: "unknown version \(version)") }
        guard tag >> 4 & 1 == 1 else { throw .corrupt(reason: "the frame is not to be shown") }
        guard bytes[3] == 0x9d, bytes[4] == 0x01, bytes[5] == 0x2a else {
            throw .corrupt(reason: "no start code")
        }
        let width = (Int(bytes[6]) | Int(bytes[7]) << 8) & 0x3fff
        let height = (Int(bytes[8]) | Int(bytes[9]) << 8) & 0x3fff
        guard let size = PictureSize(width: width, height: height) else {
            throw .corrupt(reason: "a picture of \(width)x\(height)")
        }
        self.size = size
        firstPartitionByteCount = tag >> 5
        guard firstPartitionByteCount > 0, firstPartitionByteCount <= bytes.count - Self.byteCount
        else { throw .corrupt(reason: "the first partition is cut off") }
    }
}
