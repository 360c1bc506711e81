/// A picture as I420 planes (8 bits, 4:2:0, BT.601 limited range), with its media time.
public struct VideoFrame: Hashable, Sendable {
    /// Width and height of the luma plane.
    public let size: PictureSize
    /// When the picture was taken.
    public var time: MediaTime
    /// Luma, `height` rows of `width` bytes, without padding.
    public let y: [UInt8]
    /// Blue difference, `height / 2` rows of `width / 2` bytes.
    public let u: [UInt8]
    /// Red difference, as ``u``.
    public let v: [UInt8]

    /// Makes a picture from its planes, or nothing where a plane's length does not fit the size.
    public init?(size: PictureSize, time: MediaTime, y: [UInt8], u: [UInt8], v: [UInt8]) {
        let luma = size.width * size.height
        guard y.count == luma, u.count == luma / 4, v.count == luma / 4 else { return nil }
        self.size = size
        self.time = time
        self.y = y
        self.u = u
        self.v = v
    }
}
