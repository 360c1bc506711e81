import VideoCoding

/// The uncompressed header of a VP8 frame that is predicted from others (RFC 6386, section 9.1).
enum InterFrameHeader {
    /// The tag is all there is.
    static let byteCount = 3

    /// Reads the header of a frame that may be anything.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)`` for what is no frame to be shown, predicted from others,
    ///   with its whole first partition.
    static func check(_ bytes: [UInt8]) throws(CodecError) {
        guard bytes.count > byteCount else {
            throw .corrupt(reason: "\(bytes.count) bytes are too few for a frame")
        }
        let tag = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
        guard tag & 1 == 1 else { throw .corrupt(reason: "a key frame in the place of another") }
        let version = tag >> 1 & 7
        guard version <= 3 else { throw .corrupt(reason: "unknown version \(version)") }
        guard tag >> 4 & 1 == 1 else { throw .corrupt(reason: "the frame is not to be shown") }
        guard tag >> 5 > 0, tag >> 5 <= bytes.count - byteCount else {
            throw .corrupt(reason: "the first partition is cut off")
        }
    }
}
