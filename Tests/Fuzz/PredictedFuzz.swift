/// What is predicted from a picture of 64x48 is another one, or an error.
///
/// dav1d itself is the system's: the sanitizer sees what it does to memory that Swift gave it.
func fuzzPredicted(_ bytes: [UInt8]) {
    guard let base = Predicted.base else { fatalError("a good size") }
    // The decoder that is kept has the base coded for dav1d, which takes most of the time; dav1d itself begins
    // anew each time.
    guard let picture = try? unsafe Predicted.decoder.decode(bytes, from: base) else { return }
    precondition(picture.size == base.size, "a picture of another size")
    precondition(picture.y.count == base.y.count)
    precondition(picture.u.count == base.u.count && picture.v.count == base.v.count)
}

private enum Predicted {
    /// One thread fuzzes.
    nonisolated(unsafe) static let decoder = AV1StillDecoder()
    static let base: VideoFrame? = {
        guard let size = PictureSize(width: 64, height: 48) else { return nil }
        var luma: [UInt8] = []
        for row in 0..<size.height {
            for column in 0..<size.width { luma.append(UInt8(column + 3 * row)) }
        }
        let chroma = size.width * size.height / 4
        return VideoFrame(
            size: size, time: .zero, y: luma, u: [UInt8](repeating: 110, count: chroma),
            v: [UInt8](repeating: 140, count: chroma))
    }()
}
