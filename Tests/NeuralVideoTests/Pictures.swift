import Foundation
import Media
import Testing

/// A smooth picture by the formula of the golden values, as `size × size × 3` floats.
func formulaPixels(phase: Double, side: Int = 256) -> [Float] {
    var pixels = [Float]()
    pixels.reserveCapacity(side * side * 3)
    for row in 0..<side {
        for column in 0..<side {
            let x = Double(column)
            let y = Double(row)
            for channel in 0..<3 {
                let c = Double(channel)
                let wave = 0.25 * sin(0.05 * x * (c + 1) + phase)
                let other = 0.25 * cos(0.04 * y * (c + 2) - 0.02 * x + 2 * phase)
                pixels.append(Float(0.5 + wave + other))
            }
        }
    }
    return pixels
}

/// The same as a picture.
func formulaPicture(phase: Double, size: PictureSize = .standard) throws -> VideoFrame {
    let side = max(size.width, size.height)
    let floats = formulaPixels(phase: phase, side: side)
    var pixels = [UInt8]()
    for row in 0..<size.height {
        for place in row * side * 3..<(row * side + size.width) * 3 {
            pixels.append(UInt8(floats[place] * 255 + 0.5))
        }
    }
    let image = try #require(RGBImage(width: size.width, height: size.height, pixels: pixels))
    return try #require(VideoFrame(image, time: .zero))
}

/// The mean absolute difference of two pictures' luma, 0…255.
func lumaDifference(_ a: VideoFrame, _ b: VideoFrame) -> Double {
    let sum = zip(a.y, b.y).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(a.y.count)
}
