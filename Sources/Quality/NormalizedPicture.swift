import Glibc
import Media

/// A picture as three planes of floats, as MTCNN takes it.
struct NormalizedPicture {
    let width: Int
    let height: Int
    /// Red, green and blue planes one after another, (value − 127.5) / 128.
    let values: [Float]

    init(_ image: RGBImage) {
        width = image.width
        height = image.height
        let count = width * height
        var values = [Float](repeating: 0, count: 3 * count)
        for place in 0..<count {
            for channel in 0..<3 {
                let value = Float(image.pixels[3 * place + channel])
                values[channel * count + place] = (value - 127.5) / 128
            }
        }
        self.values = values
    }

    private init(_ width: Int, _ height: Int, _ values: [Float]) {
        self.width = width
        self.height = height
        self.values = values
    }

    /// The picture at another size: each pixel the mean of those it touches.
    func resized(width columns: Int, height rows: Int) -> NormalizedPicture {
        func spans(_ count: Int, _ size: Int) -> [Range<Int>] {
            (0..<count).map { $0 * size / count..<(($0 + 1) * size + count - 1) / count }
        }
        let across = spans(columns, width)
        let down = spans(rows, height)
        var result = [Float]()
        result.reserveCapacity(3 * columns * rows)
        for channel in 0..<3 {
            for lines in down {
                for pixels in across {
                    var sum: Float = 0
                    for row in lines {
                        let start = (channel * height + row) * width
                        for column in pixels { sum += values[start + column] }
                    }
                    result.append(sum / Float(lines.count * pixels.count))
                }
            }
        }
        return NormalizedPicture(columns, rows, result)
    }

    /// What lies in a box, at `side` pixels, by linear interpolation; beyond the edge it continues.
    ///
    /// - Parameters:
    ///   - box: in pixels of a picture that is `scale` times as large as this one.
    ///   - side: pixels across and down.
    ///   - scale: 1 or 2.
    func crop(_ box: FaceBox, side: Int, scale: Double) -> [Float] {
        func places(_ low: Double, _ high: Double, _ size: Int) -> [(Int, Int, Float)] {
            (0..<side).map { index in
                let center = low + (high - low) * (Double(index) + 0.5) / Double(side)
                let place = min(max(center / scale - 0.5, 0), Double(size - 1))
                let first = Int(place)
                return (first, min(first + 1, size - 1), Float(place - Double(first)))
            }
        }
        let across = places(box.left, box.right, width)
        let down = places(box.top, box.bottom, height)
        var result = [Float]()
        result.reserveCapacity(3 * side * side)
        for channel in 0..<3 {
            for (above, below, vertical) in down {
                let upper = (channel * height + above) * width
                let lower = (channel * height + below) * width
                for (left, right, horizontal) in across {
                    let top =
                        values[upper + left] * (1 - horizontal)
                        + values[upper + right] * horizontal
                    let bottom =
                        values[lower + left] * (1 - horizontal)
                        + values[lower + right] * horizontal
                    result.append(top * (1 - vertical) + bottom * vertical)
                }
            }
        }
        return result
    }
}

/// A box in a picture, in pixels, and how sure it is that it holds a face.
struct FaceBox {
    var left, top, right, bottom: Double
    var score: Double

    var width: Double { right - left }
    var height: Double { bottom - top }

    /// Made square about its centre.
    var squared: FaceBox {
        let half = max(width, height) / 2
        let x = (left + right) / 2
        let y = (top + bottom) / 2
        return FaceBox(
            left: x - half, top: y - half, right: x + half, bottom: y + half, score: score)
    }

    /// Moved by corrections in units of `side`.
    func moved(by corrections: [Double], side: Double) -> FaceBox {
        FaceBox(
            left: left + corrections[0] * side, top: top + corrections[1] * side,
            right: right + corrections[2] * side, bottom: bottom + corrections[3] * side,
            score: score)
    }

    /// The area of both over the area of either.
    private func overlap(_ other: FaceBox) -> Double {
        let common =
            max(0, min(right, other.right) - max(left, other.left))
            * max(0, min(bottom, other.bottom) - max(top, other.top))
        return common / (width * height + other.width * other.height - common + 1e-6)
    }

    /// The best boxes, at most `count`, without those that overlap a better one by more than `limit`.
    static func best(of boxes: [FaceBox], overlap limit: Double, count: Int) -> [FaceBox] {
        var kept = [FaceBox]()
        for box in boxes.sorted(by: { $0.score > $1.score }) where kept.count < count {
            if kept.allSatisfy({ $0.overlap(box) <= limit }) { kept.append(box) }
        }
        return kept
    }
}
