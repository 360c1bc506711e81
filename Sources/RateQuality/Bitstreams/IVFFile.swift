/// The frames of an IVF file: 32 bytes of header, then each frame behind its size (4 bytes,
/// little-endian) and time (8 bytes).
struct IVFFile {
    private static let signature = Array("DKIF".utf8)
    private static let headerLength = 32
    private static let frameHeaderLength = 12

    let frames: [ArraySlice<UInt8>]

    init(_ file: [UInt8]) throws(BitstreamError) {
        guard file.count >= Self.headerLength, file.starts(with: Self.signature) else {
            throw .notIVF
        }
        var frames = [ArraySlice<UInt8>]()
        var place = Self.headerLength
        while place < file.count {
            guard file.count - place >= Self.frameHeaderLength else { throw .truncated(at: place) }
            let size = (0..<4).reduce(0) { $0 | Int(file[place + $1]) << (8 * $1) }
            let start = place + Self.frameHeaderLength
            guard size <= file.count - start else { throw .truncated(at: place) }
            frames.append(file[start..<start + size])
            place = start + size
        }
        self.frames = frames
    }
}
