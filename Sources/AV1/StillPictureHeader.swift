import Media
import VideoCoding

/// What an AV1 still picture says of itself (AV1 Bitstream & Decoding Process Specification, sections 5.3,
/// 5.5), checked.
///
/// A source is exactly two open bitstream units: a sequence header with the *reduced still picture header*,
/// and one frame. So it cannot hold a second frame, of another size or beyond counting, and what decoding
/// it costs is bounded by its size in pixels.
struct StillPictureHeader: Hashable {
    /// Width and height of the picture.
    let size: PictureSize

    /// Reads the headers of bytes that may be anything.
    ///
    /// - Throws: ``CodecError/corrupt(reason:)`` for what is no still picture of 8 bits, three planes, half
    ///   the chroma resolution each way, and an even size.
    init(_ bytes: [UInt8]) throws(CodecError) {
        let sequence = try OpenBitstreamUnit(bytes[...])
        guard sequence.type == OpenBitstreamUnit.sequenceHeader else {
            throw .corrupt(reason: "no sequence header, but a unit of type \(sequence.type)")
        }
        let picture = try OpenBitstreamUnit(bytes[sequence.end...])
        guard picture.type == OpenBitstreamUnit.frame else {
            throw .corrupt(reason: "no frame, but a unit of type \(picture.type)")
        }
        guard picture.end == bytes.endIndex else {
            throw .corrupt(reason: "\(bytes.endIndex - picture.end) bytes behind the frame")
        }
        size = try Self.size(sequence.payload)
    }

    /// Reads a sequence header (section 5.5.1) as far as it matters here.
    private static func size(_ payload: ArraySlice<UInt8>) throws(CodecError) -> PictureSize {
        var bits = HeaderBits(payload)
        guard try bits.take(3) == 0 else { throw .corrupt(reason: "not AV1's main profile") }
        // still_picture, reduced_still_picture_header
        guard try bits.take(2) == 0b11 else { throw .corrupt(reason: "not a still picture") }
        _ = try bits.take(5)  // seq_level_idx
        let widthBits = try bits.take(4) + 1
        let heightBits = try bits.take(4) + 1
        let width = try bits.take(widthBits) + 1
        let height = try bits.take(heightBits) + 1
        // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter, enable_superres,
        // enable_cdef, enable_restoration
        _ = try bits.take(6)
        guard try bits.take(2) == 0 else {
            throw .corrupt(reason: "a picture of more than 8 bits, or without colour")
        }
        guard let size = PictureSize(width: width, height: height) else {
            throw .corrupt(reason: "a picture of \(width)x\(height)")
        }
        return size
    }
}
