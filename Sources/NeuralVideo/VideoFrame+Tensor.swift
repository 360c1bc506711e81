package import Media

extension VideoFrame {
    /// Writes the picture as a network takes it: `height × width × 3` floats, RGB in 0…1.
    ///
    /// The same numbers as `RGBImage`'s bytes divided by 255, so that the network sees what a
    /// measurement sees: BT.601, limited range, chroma repeated for each 2×2 block.
    /// `out` holds at least as many floats.
    package func write(to out: inout MutableSpan<Float>) {
        let half = size.width / 2
        let luma = y.span
        let blue = u.span
        let red = v.span
        var place = 0
        for row in 0..<size.height {
            let chromaRow = (row >> 1) * half
            let lumaRow = row * 2 * half
            for column in 0..<half {
                let d = Int32(blue[chromaRow + column]) - 128
                let e = Int32(red[chromaRow + column]) - 128
                // 16.16 fixed point of ITU-R BT.601-7, section 2.5.3, as in Media.
                let r = 104597 &* e &+ 32768
                let g = 32768 &- 25675 &* d &- 53279 &* e
                let b = 132201 &* d &+ 32768
                let left = (Int32(luma[lumaRow + 2 * column]) - 16) &* 76309
                let right = (Int32(luma[lumaRow + 2 * column + 1]) - 16) &* 76309
                out[place] = normalized(left &+ r)
                out[place + 1] = normalized(left &+ g)
                out[place + 2] = normalized(left &+ b)
                out[place + 3] = normalized(right &+ r)
                out[place + 4] = normalized(right &+ g)
                out[place + 5] = normalized(right &+ b)
                place += 6
            }
        }
    }

    /// Makes a picture of what a network gave: `height × width × 3` floats, RGB in 0…1.
    ///
    /// What is out of range or not a number is clamped. Nothing where the count does not fit.
    package init?(tensor: Span<Float>, size: PictureSize, time: MediaTime) {
        let width = size.width
        let half = width / 2
        guard tensor.count == width * size.height * 3 else { return nil }
        var y = [UInt8](repeating: 0, count: width * size.height)
        var u = [UInt8](repeating: 0, count: y.count / 4)
        var v = u
        do {
            var luma = y.mutableSpan
            var blue = u.mutableSpan
            var red = v.mutableSpan
            for row in stride(from: 0, to: size.height, by: 2) {
                for column in 0..<half {
                    let place = row * width + 2 * column
                    let a = RGB(tensor, at: place)
                    let b = RGB(tensor, at: place + 1)
                    let c = RGB(tensor, at: place + width)
                    let d = RGB(tensor, at: place + width + 1)
                    luma[place] = a.luma
                    luma[place + 1] = b.luma
                    luma[place + width] = c.luma
                    luma[place + width + 1] = d.luma
                    let mean = RGB(meanOf: a, b, c, d)
                    blue[(row / 2) * half + column] = mean.blueDifference
                    red[(row / 2) * half + column] = mean.redDifference
                }
            }
        }
        self.init(size: size, time: time, y: y, u: u, v: v)
    }
}

/// One pixel in 0…1 and its BT.601 limited-range values (ITU-R BT.601-7, section 2.5.3).
private struct RGB {
    var values: SIMD4<Float>

    @inline(__always)
    init(_ tensor: Span<Float>, at pixel: Int) {
        values = SIMD4(
            clamped(tensor[pixel * 3]), clamped(tensor[pixel * 3 + 1]),
            clamped(tensor[pixel * 3 + 2]), 1)
    }

    @inline(__always)
    init(meanOf a: RGB, _ b: RGB, _ c: RGB, _ d: RGB) {
        values = (a.values + b.values + c.values + d.values) * 0.25
    }

    // The last factor is the offset, with a half for rounding; all sums lie within 16…241.
    var luma: UInt8 { byte(SIMD4(65.481, 128.553, 24.966, 16.5)) }
    var blueDifference: UInt8 { byte(SIMD4(-37.797, -74.203, 112, 128.5)) }
    var redDifference: UInt8 { byte(SIMD4(112, -93.786, -18.214, 128.5)) }

    @inline(__always)
    private func byte(_ factors: SIMD4<Float>) -> UInt8 {
        UInt8(truncatingIfNeeded: Int32((values * factors).sum()))
    }
}

/// 16.16 fixed point of 0…255 as a float in 0…1.
@inline(__always)
private func normalized(_ value: Int32) -> Float {
    Float(max(0, min(255, value >> 16))) * (1 / 255)
}

/// The value within 0…1; zero where it is not a number.
@inline(__always)
private func clamped(_ value: Float) -> Float {
    value > 0 ? (value < 1 ? value : 1) : 0
}
