import Media

/// A flat picture in linear light, painted with soft-edged shapes.
///
/// Places are in units of the smaller side, from the middle: x right, y down.
struct Canvas {
    /// Pixels in a row.
    let width: Int
    /// Rows.
    let height: Int
    /// Linear light, row by row.
    private(set) var pixels: [Vector3]
    private let scale: Float

    /// Makes a black picture.
    init(size: PictureSize) {
        width = size.width
        height = size.height
        scale = Float(min(width, height))
        pixels = [Vector3](repeating: .zero, count: width * height)
    }

    /// The place of the right edge.
    var right: Float { Float(width) / scale / 2 }
    /// The place of the bottom edge.
    var bottom: Float { Float(height) / scale / 2 }

    /// Changes every pixel, given its place.
    mutating func paint(_ change: (Float, Float, Vector3) -> Vector3) {
        for row in 0..<height {
            let y = (Float(row) + 0.5 - Float(height) / 2) / scale
            for column in 0..<width {
                let x = (Float(column) + 0.5 - Float(width) / 2) / scale
                let index = row * width + column
                pixels[index] = change(x, y, pixels[index])
            }
        }
    }

    /// Fills a rectangle with round corners.
    mutating func rectangle(
        _ left: Float, _ top: Float, _ right: Float, _ bottom: Float, corner: Float = 0.002,
        colour: Vector3, alpha: Float = 1
    ) {
        let (cx, cy) = ((left + right) / 2, (top + bottom) / 2)
        let (hx, hy) = ((right - left) / 2 - corner, (bottom - top) / 2 - corner)
        shape(left, top, right, bottom, colour: colour, alpha: alpha) { x, y in
            let dx = max(0, abs(x - cx) - hx)
            let dy = max(0, abs(y - cy) - hy)
            return (dx * dx + dy * dy).squareRoot() - corner
        }
    }

    /// Fills an ellipse, turned by an angle in radians.
    mutating func ellipse(
        _ cx: Float, _ cy: Float, _ rx: Float, _ ry: Float, turn: Float = 0, colour: Vector3,
        alpha: Float = 1, softness: Float = 0
    ) {
        let reach = max(rx, ry) + softness
        let (s, c) = (Elementary.sine(turn), Elementary.cosine(turn))
        shape(
            cx - reach, cy - reach, cx + reach, cy + reach, colour: colour, alpha: alpha,
            softness: softness
        ) { x, y in
            let u = (c * (x - cx) + s * (y - cy)) / rx
            let v = (c * (y - cy) - s * (x - cx)) / ry
            return ((u * u + v * v).squareRoot() - 1) * min(rx, ry)
        }
    }

    private mutating func shape(
        _ left: Float, _ top: Float, _ right: Float, _ bottom: Float, colour: Vector3,
        alpha: Float, softness: Float = 0, distance: (Float, Float) -> Float
    ) {
        let pixel = 1 / scale
        let soft = max(pixel, softness)
        func column(_ x: Float) -> Int { Int(max(-1, min(Float(width), (x + self.right) * scale))) }
        func row(_ y: Float) -> Int { Int(max(-1, min(Float(height), (y + self.bottom) * scale))) }
        let columns =
            max(0, column(left) - 1)..<max(max(0, column(left) - 1), min(width, column(right) + 2))
        let rows = max(0, row(top) - 1)..<max(max(0, row(top) - 1), min(height, row(bottom) + 2))
        for r in rows {
            let y = (Float(r) + 0.5 - Float(height) / 2) / scale
            for c in columns {
                let x = (Float(c) + 0.5 - Float(width) / 2) / scale
                let cover = saturate(0.5 - distance(x, y) / soft) * alpha
                if cover > 0 { pixels[r * width + c] = mix(pixels[r * width + c], colour, cover) }
            }
        }
    }

    /// Blurs with two passes of a box in both directions; the radius is in units of the smaller
    /// side.
    mutating func blur(_ radius: Float) {
        let reach = Int((radius * scale).rounded())
        guard reach > 0 else { return }
        for _ in 0..<2 {
            blurLines(count: height, length: width, lineStep: width, step: 1, reach: reach)
            blurLines(count: width, length: height, lineStep: 1, step: width, reach: reach)
        }
    }

    private mutating func blurLines(count: Int, length: Int, lineStep: Int, step: Int, reach: Int) {
        var line = [Vector3](repeating: .zero, count: length)
        let share = 1 / Float(2 * reach + 1)
        for number in 0..<count {
            for i in 0..<length { line[i] = pixels[number * lineStep + i * step] }
            var sum = Vector3.zero
            for i in -reach...reach { sum += line[max(0, min(length - 1, i))] }
            for i in 0..<length {
                pixels[number * lineStep + i * step] = sum * share
                sum += line[min(length - 1, i + reach + 1)] - line[max(0, i - reach)]
            }
        }
    }
}
