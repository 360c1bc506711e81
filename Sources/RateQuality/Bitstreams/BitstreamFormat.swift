/// How a codec's bits lie in a file, and how they would lie in RTP packets.
package enum BitstreamFormat: String, Codable, Hashable, Sendable {
    case vp8, vp9, av1, h264, h265, h266

    /// FFmpeg's name of the container, which adds as little as there is.
    package var container: String {
        switch self {
        case .vp8, .vp9, .av1: "ivf"
        case .h264: "h264"
        case .h265: "hevc"
        case .h266: "vvc"
        }
    }

    /// What a file holds: for each picture, the sizes of its parts in bytes.
    ///
    /// A part is what RTP carries as one: a NAL unit without its start code, an AV1 OBU without its
    /// size field, a whole VP8 or VP9 frame. What RTP leaves out is left out: temporal and access
    /// unit delimiters, filler, and SEI messages, which hold the encoder's name.
    package func pictures(in file: [UInt8]) throws(BitstreamError) -> [CodedPicture] {
        switch self {
        case .vp8, .vp9:
            try IVFFile(file).frames.map { CodedPicture(parts: [$0.count], bytes: $0.count) }
        case .av1: try IVFFile(file).frames.map(OpenBitstreamUnits.picture)
        case .h264, .h265, .h266: AnnexB(self).pictures(in: file)
        }
    }
}

/// The parts of one coded picture.
package struct CodedPicture: Hashable, Sendable {
    /// Sizes of the parts, in bytes, in order.
    package let parts: [Int]
    /// What counts as payload, in bytes: the parts, and for AV1 their size fields, too.
    package let bytes: Int

    package init(parts: [Int], bytes: Int) {
        self.parts = parts
        self.bytes = bytes
    }
}

/// Why a file that an encoder wrote cannot be read.
package enum BitstreamError: Error, Hashable, Sendable, CustomStringConvertible {
    case notIVF
    case truncated(at: Int)
    case forbiddenBit(at: Int)

    package var description: String {
        switch self {
        case .notIVF: "what the encoder wrote is not an IVF file"
        case .truncated(let place): "what the encoder wrote ends too early, at byte \(place)"
        case .forbiddenBit(let place): "what the encoder wrote is no AV1: byte \(place) of a frame"
        }
    }
}
