public import Media

/// Small pictures for tests: a bright spot that moves over a dark ground.
public enum SyntheticPictures {
    /// A picture size that makes tests fast.
    public static let size = PictureSize(width: 64, height: 48) ?? .standard

    /// Picture `number` at 25 pictures a second.
    public static func spot(_ number: Int) -> VideoFrame? {
        var luma = [UInt8](repeating: 40, count: size.width * size.height)
        let x = 8 + (number * 3) % (size.width - 16)
        let y = 8 + (number * 2) % (size.height - 16)
        luma[y * size.width + x] = 235
        let chroma = [UInt8](repeating: 128, count: luma.count / 4)
        return VideoFrame(
            size: size, time: PictureRate.standard.time(ofPicture: number), y: luma, u: chroma,
            v: chroma)
    }
}
