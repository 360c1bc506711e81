extension RGBImage {
    /// The picture as RGB: BT.601, limited range, chroma repeated for each 2×2 block.
    public init(_ frame: VideoFrame) {
        let width = frame.size.width
        let height = frame.size.height
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        var out = 0
        for row in 0..<height {
            let chromaRow = (row / 2) * (width / 2)
            for column in 0..<width {
                let chroma = chromaRow + column / 2
                // 16.16 fixed point of ITU-R BT.601-7, section 2.5.3, luma 16…235 and chroma 16…240.
                let c = (Int32(frame.y[row * width + column]) - 16) * 76309
                let d = Int32(frame.u[chroma]) - 128
                let e = Int32(frame.v[chroma]) - 128
                pixels[out] = clamp((c + 104597 * e + 32768) >> 16)
                pixels[out + 1] = clamp((c - 25675 * d - 53279 * e + 32768) >> 16)
                pixels[out + 2] = clamp((c + 132201 * d + 32768) >> 16)
                out += 3
            }
        }
        self.init(unchecked: width, height, pixels)
    }

    private init(unchecked width: Int, _ height: Int, _ pixels: [UInt8]) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}

extension VideoFrame {
    /// The picture as I420: BT.601, limited range, chroma the mean of each 2×2 block.
    ///
    /// Nothing where a side of the image is odd.
    public init?(_ image: RGBImage, time: MediaTime) {
        guard let size = PictureSize(width: image.width, height: image.height) else { return nil }
        let width = size.width
        let half = width / 2
        var y = [UInt8](repeating: 0, count: width * size.height)
        var u = [UInt8](repeating: 0, count: y.count / 4)
        var v = u
        for row in stride(from: 0, to: size.height, by: 2) {
            for column in stride(from: 0, to: width, by: 2) {
                var red: Int32 = 0
                var green: Int32 = 0
                var blue: Int32 = 0
                for place in [row * width + column, (row + 1) * width + column] {
                    for pixel in place...(place + 1) {
                        let r = Int32(image.pixels[pixel * 3])
                        let g = Int32(image.pixels[pixel * 3 + 1])
                        let b = Int32(image.pixels[pixel * 3 + 2])
                        y[pixel] = clamp(16 + ((16829 * r + 33039 * g + 6416 * b + 32768) >> 16))
                        red += r
                        green += g
                        blue += b
                    }
                }
                let chroma = (row / 2) * half + column / 2
                let cb = -9714 * red - 19070 * green + 28784 * blue
                let cr = 28784 * red - 24103 * green - 4681 * blue
                u[chroma] = clamp(128 + ((cb + 131072) >> 18))
                v[chroma] = clamp(128 + ((cr + 131072) >> 18))
            }
        }
        self.init(size: size, time: time, y: y, u: u, v: v)
    }
}

private func clamp(_ value: Int32) -> UInt8 { UInt8(max(0, min(255, value))) }
